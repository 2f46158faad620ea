//! Redis: single, Sentinel and Cluster.

mod cluster;
mod resp;
mod sentinel;
mod server;

use std::path::{Path, PathBuf};

use crate::{
    ServerError,
    process::{Program, find},
};
pub use cluster::RedisCluster;
pub use sentinel::RedisSentinel;
pub use server::RedisServer;

/// Returns `redis-server`, to be run in a directory.
fn program(name: &str, directory: &Path) -> Result<Program, ServerError> {
    let path = find("redis-server", "redis-server", &[PathBuf::from("/usr/sbin")])?;
    Ok(Program::new(path, name, directory))
}
