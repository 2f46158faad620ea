//! Redis: single, Sentinel and Cluster.

mod cluster;
mod resp;
mod sentinel;
mod server;

pub use cluster::RedisCluster;
pub use sentinel::RedisSentinel;
pub use server::RedisServer;
