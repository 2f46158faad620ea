//! Redis: single, Sentinel and Cluster.

mod cluster;
mod error;
mod ports;
mod process;
mod resp;
mod sentinel;
mod server;

pub use cluster::RedisCluster;
pub use error::ServerError;
pub use process::Process;
pub use sentinel::RedisSentinel;
pub use server::RedisServer;
