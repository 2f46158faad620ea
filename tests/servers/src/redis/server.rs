//! One Redis server.

use tempfile::TempDir;

use super::{program, resp};
use crate::{
    Process, ServerError,
    ports::{self, Reserved},
};

/// A Redis server that keeps nothing on disk.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    arguments: Vec<String>,
    // Stopped before its directory goes.
    process: Option<Process>,
    dir: TempDir,
}

impl RedisServer {
    /// Starts a server with further arguments, such as `--requirepass`, and returns it once it answers.
    ///
    /// # Errors
    /// [`ServerError`] when it does not come up.
    pub fn start(arguments: &[&str]) -> Result<Self, ServerError> {
        Self::start_on(ports::free()?, arguments)
    }

    pub(super) fn start_on(reserved: Reserved, arguments: &[&str]) -> Result<Self, ServerError> {
        let dir = TempDir::with_prefix("saoma-redis-").map_err(ServerError::io("making a directory"))?;
        let port = reserved.port;
        let mut all: Vec<String> =
            ["--port", &port.to_string(), "--bind", "127.0.0.1"].map(str::to_owned).into();
        all.extend(["--save", "", "--appendonly", "no"].map(str::to_owned));
        // Otherwise a primary waits 5 s for more replicas before it serves the first.
        all.extend(["--repl-diskless-sync-delay", "0"].map(str::to_owned));
        all.extend(arguments.iter().map(|&argument| argument.to_owned()));
        let mut server = Self { port, arguments: all, process: None, dir };
        drop(reserved);
        server.restart()?;
        Ok(server)
    }

    /// Returns the URL of the server, without a password.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Returns the port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Kills the server, and all that it holds is lost.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Kills the server if it runs, and starts an empty one on the same port.
    ///
    /// # Errors
    /// [`ServerError`] when it does not come up.
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.stop();
        let mut process = program("redis", self.dir.path())?.args(&self.arguments).start()?;
        let port = self.port;
        process.wait_until("Redis answers", || match resp::ask(port, &["PING"]) {
            Ok(_) => Ok(()),
            // It answers that it wants a password first.
            Err(error) if error.to_string().starts_with("NOAUTH") => Ok(()),
            Err(error) => Err(error.to_string()),
        })?;
        self.process = Some(process);
        Ok(())
    }

    /// Returns the process, unless the server was stopped.
    pub fn process(&self) -> Option<&Process> {
        self.process.as_ref()
    }

    /// Sends one command to the server, and returns its answer, the elements of an array one a line.
    ///
    /// # Errors
    /// [`ServerError::Io`] when it gives none, or says no.
    pub fn ask(&self, command: &[&str]) -> Result<String, ServerError> {
        resp::ask(self.port, command).map_err(ServerError::io(format!("asking {}", command.join(" "))))
    }

    pub(super) fn wait_until(
        &mut self,
        until: &str,
        condition: impl FnMut() -> Result<(), String>,
    ) -> Result<(), ServerError> {
        match &mut self.process {
            Some(process) => process.wait_until(until, condition),
            None => Err(ServerError::TooLate { until: until.to_owned(), last: "it was stopped".to_owned() }),
        }
    }
}
