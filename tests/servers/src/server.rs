//! A server of any kind: started, watched until it serves, killed, and started again.

use std::path::Path;

use tempfile::TempDir;

use crate::{Process, ServerError, ports::Reserved, program::Program};

/// What differs from one kind of server to another.
pub trait Engine {
    /// What the server says in its log once it serves.
    #[doc(hidden)]
    const READY: &'static str;

    /// Returns the program of the server, to be run on a port of the loopback interface in a directory.
    #[doc(hidden)]
    fn program(&self, port: u16, directory: &Path) -> Result<Program, ServerError>;
}

/// A server of its own, on a free port of the loopback interface and in a temporary directory.
#[derive(Debug)]
pub struct Server<E> {
    // Killed before its files go.
    running: Option<Process>,
    pub(crate) engine: E,
    port: u16,
    directory: TempDir,
}

impl<E: Engine> Server<E> {
    /// Returns a server that is not started yet; the caller holds its port until then.
    pub(crate) fn new(engine: E, port: &Reserved) -> Result<Self, ServerError> {
        Ok(Self { running: None, engine, port: port.port, directory: directory()? })
    }

    /// Kills the server, as if its machine had failed.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Kills the server if it runs, starts it again on the same port and with the same files, and returns once it
    /// serves. A Redis keeps nothing in files, so it is empty then.
    ///
    /// # Errors
    /// [`ServerError`] says which program is missing, or what the server said.
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.kill();
        let mut running = self.engine.program(self.port, self.directory.path())?.start()?;
        running.wait_for_words(E::READY)?;
        self.running = Some(running);
        Ok(())
    }

    /// Returns the port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the process, unless the server was killed.
    pub fn process(&self) -> Option<&Process> {
        self.running.as_ref()
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Waits until a condition holds; the condition says `Err` with what it saw while it does not.
    pub(crate) fn wait_until(
        &mut self,
        until: &str,
        condition: impl FnMut() -> Result<(), String>,
    ) -> Result<(), ServerError> {
        match &mut self.running {
            Some(running) => running.wait_until(until, condition),
            None => Err(ServerError::TooLate { until: until.to_owned(), last: "it was killed".to_owned() }),
        }
    }
}

/// Makes a directory for a server's files, in memory where the system has room for files in memory.
fn directory() -> Result<TempDir, ServerError> {
    let in_memory = Path::new("/dev/shm");
    let place = if in_memory.is_dir() { in_memory.to_owned() } else { std::env::temp_dir() };
    let made = tempfile::Builder::new().prefix("saoma-").tempdir_in(place);
    made.map_err(ServerError::io("making a directory"))
}
