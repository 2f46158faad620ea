//! PgBouncer.

use std::path::Path;

use super::{engine::write, postgres::owner};
use crate::{
    ServerError, ports,
    program::{Program, find},
    server::{Engine, Server},
};

/// PgBouncer in transaction mode.
#[derive(Debug)]
pub struct PgBouncerEngine {
    server: u16,
}

impl Engine for PgBouncerEngine {
    const READY: &'static str = "process up";

    fn program(&self, port: u16, directory: &Path) -> Result<Program, ServerError> {
        let (users, file) = (directory.join("users"), directory.join("pgbouncer.ini"));
        write(&users, "\"saoma\" \"\"\n")?;
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             auth_type = trust\nauth_file = {}\npool_mode = transaction\nunix_socket_dir =\n",
            self.server,
            users.display()
        );
        write(&file, &settings)?;
        let path = find("pgbouncer", "pgbouncer", &["/usr/sbin".into()])?;
        // It refuses to run as root, too.
        Ok(Program::new(path, "pgbouncer", directory).owner(owner()).args([file]))
    }
}

impl Server<PgBouncerEngine> {
    /// Starts PgBouncer in transaction mode before a PostgreSQL server on a port of the loopback interface; `None` where
    /// the program is not installed.
    ///
    /// # Errors
    /// [`ServerError`] when it does not come up.
    pub fn before(server: u16) -> Result<Option<Self>, ServerError> {
        let reserved = ports::free()?;
        let mut pooler = Self::new(PgBouncerEngine { server }, &reserved)?;
        drop(reserved);
        match pooler.restart() {
            Ok(()) => Ok(Some(pooler)),
            Err(ServerError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
