//! What servers of SQL have in common.

use std::path::Path;

use crate::{
    ServerError, ports,
    server::{Engine, Server},
};

/// A kind of server of SQL.
pub trait SqlEngine: Engine + Sized {
    /// Returns the kind with more settings (`name=value`).
    #[doc(hidden)]
    fn with(settings: Vec<String>) -> Self;

    /// Makes the files of a new server in the folder `data` of a directory.
    #[doc(hidden)]
    fn initialize(&self, directory: &Path) -> Result<(), ServerError>;

    /// Gives a file to the user that the server runs as.
    #[doc(hidden)]
    fn own(&self, _file: &Path) -> Result<(), ServerError> {
        Ok(())
    }

    /// Returns the URL of a database of the server on a port.
    #[doc(hidden)]
    fn url(port: u16, database: &str) -> String;
}

impl<E: SqlEngine> Server<E> {
    /// Starts a server.
    ///
    /// # Errors
    /// [`ServerError`] says which program is missing, or what the server said.
    pub fn start() -> Result<Self, ServerError> {
        Self::start_with(&[], &[])
    }

    /// Starts a server with more settings (`name=value`) and with files in its data directory.
    ///
    /// # Errors
    /// [`ServerError`] says which program is missing, or what the server said.
    pub fn start_with(settings: &[&str], files: &[(&str, &str)]) -> Result<Self, ServerError> {
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let reserved = ports::free()?;
        let mut server = Self::new(E::with(settings), &reserved)?;
        server.engine.initialize(server.directory())?;
        for (name, content) in files {
            let file = server.directory().join("data").join(name);
            write(&file, content)?;
            server.engine.own(&file)?;
        }
        drop(reserved);
        server.restart()?;
        Ok(server)
    }

    /// Returns the URL of a database of this server.
    pub fn url(&self, database: &str) -> String {
        E::url(self.port(), database)
    }
}

/// Writes a file of a server.
pub(super) fn write(file: &Path, content: &str) -> Result<(), ServerError> {
    std::fs::write(file, content).map_err(ServerError::io("a file of the server cannot be written"))
}
