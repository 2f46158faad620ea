//! Servers of SQL.

mod mariadb;
mod postgres;

use std::path::Path;

use tempfile::TempDir;

use crate::ServerError;
pub use mariadb::MariaDb;
pub use postgres::Postgres;

/// Makes a directory for a server's files, in memory where the system has room for files in memory.
fn directory() -> Result<TempDir, ServerError> {
    let in_memory = Path::new("/dev/shm");
    let place = if in_memory.is_dir() { in_memory.to_owned() } else { std::env::temp_dir() };
    let made = tempfile::Builder::new().prefix("saoma-").tempdir_in(place);
    made.map_err(ServerError::io("making a directory"))
}
