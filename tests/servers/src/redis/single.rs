//! One Redis server.

use std::path::{Path, PathBuf};

use super::resp;
use crate::{
    ServerError,
    ports::{self, Reserved},
    program::{Program, find},
    server::{Engine, Server},
};

/// A Redis server that keeps nothing on disk.
pub type RedisServer = Server<Redis>;

/// Redis, with the arguments of its command line.
#[derive(Debug)]
pub struct Redis {
    arguments: Vec<String>,
}

impl Engine for Redis {
    const READY: &'static str = "Ready to accept connections";

    fn program(&self, port: u16, directory: &Path) -> Result<Program, ServerError> {
        let mut arguments =
            vec!["--port".to_owned(), port.to_string(), "--bind".to_owned(), "127.0.0.1".to_owned()];
        arguments.extend(["--save", "", "--appendonly", "no"].map(str::to_owned));
        // Otherwise a primary waits 5 s for more replicas before it serves the first.
        arguments.extend(["--repl-diskless-sync-delay", "0"].map(str::to_owned));
        arguments.extend(self.arguments.iter().cloned());
        Ok(program("redis", directory)?.args(arguments))
    }
}

impl RedisServer {
    /// Starts a server with further arguments, such as `--requirepass`, and returns it once it serves.
    ///
    /// # Errors
    /// [`ServerError`] when it does not come up.
    pub fn start(arguments: &[&str]) -> Result<Self, ServerError> {
        Self::start_on(ports::free()?, arguments)
    }

    pub(super) fn start_on(reserved: Reserved, arguments: &[&str]) -> Result<Self, ServerError> {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let mut server = Self::new(Redis { arguments }, &reserved)?;
        drop(reserved);
        server.restart()?;
        Ok(server)
    }

    /// Returns the URL of the server, without a password.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port())
    }

    /// Sends one command to the server, and returns its answer, the elements of an array one a line.
    ///
    /// # Errors
    /// [`ServerError::Io`] when it gives none, or says no.
    pub fn ask(&self, command: &[&str]) -> Result<String, ServerError> {
        resp::ask(self.port(), command).map_err(ServerError::io(format!("asking {}", command.join(" "))))
    }
}

/// Returns `redis-server`, to be run in a directory.
pub(super) fn program(name: &str, directory: &Path) -> Result<Program, ServerError> {
    let path = find("redis-server", "redis-server", &[PathBuf::from("/usr/sbin")])?;
    Ok(Program::new(path, name, directory))
}
