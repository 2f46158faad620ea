//! Redis: single, Sentinel and Cluster.

mod cluster;
mod resp;
mod sentinel;
mod single;

pub use cluster::RedisCluster;
pub use sentinel::RedisSentinel;
pub use single::RedisServer;
