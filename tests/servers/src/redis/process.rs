//! One process of a server.

use std::{
    fs::File,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::ServerError;

/// How long a server may take to do what it is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is looked at meanwhile.
const PAUSE: Duration = Duration::from_millis(10);

/// A process that is killed when this is dropped, and together with the thread that started it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program in a directory, where its output goes into a file.
    ///
    /// # Errors
    /// [`ServerError::Io`] when there is no such program, or the directory cannot be written.
    pub fn start(name: &str, program: &str, arguments: &[String], dir: &Path) -> Result<Self, ServerError> {
        let log = dir.join(format!("{name}.log"));
        let output = File::create(&log).map_err(ServerError::io("creating a log"))?;
        let errors = output.try_clone().map_err(ServerError::io("creating a log"))?;
        let run = |mut command: Command| {
            command.args(arguments).current_dir(dir).stdin(Stdio::null());
            command.stdout(output.try_clone()?).stderr(errors.try_clone()?).spawn()
        };
        let mut bound = Command::new("setpriv");
        bound.args(["--pdeathsig", "KILL", program]);
        let child = match run(bound) {
            // Not every system has it; the guard is enough as long as it is dropped.
            Err(error) if error.kind() == ErrorKind::NotFound => run(Command::new(program)),
            other => other,
        };
        let child = child.map_err(ServerError::io(format!("starting {program}")))?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// Returns its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, such as `STOP` or `CONT`.
    ///
    /// # Errors
    /// [`ServerError::Io`] when there is no program to send signals with.
    pub fn signal(&self, signal: &str) -> Result<(), ServerError> {
        let mut kill = Command::new("kill");
        kill.args([format!("-{signal}"), self.id().to_string()]);
        kill.status().map(drop).map_err(ServerError::io("sending a signal"))
    }

    /// Waits until a condition holds; it says `Err` with what it saw while it does not.
    pub(crate) fn wait_until(
        &mut self,
        until: &str,
        mut condition: impl FnMut() -> Result<(), String>,
    ) -> Result<(), ServerError> {
        let mut last = String::new();
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            match condition() {
                Ok(()) => return Ok(()),
                Err(seen) => last = seen,
            }
            self.check_alive()?;
            pause();
        }
        Err(ServerError::TooLate { until: until.to_owned(), last })
    }

    fn check_alive(&mut self) -> Result<(), ServerError> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(ServerError::Ended { name: self.name.clone(), log: self.last_words() }),
            Err(error) => Err(ServerError::io("looking at a process")(error)),
        }
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(20)).copied().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended by itself cannot be killed, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "another process cannot be awaited but by looking again")]
fn pause() {
    std::thread::sleep(PAUSE);
}
