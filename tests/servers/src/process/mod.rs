//! A server as a child process: started, watched until it does what it should, and stopped by its id.

mod program;

use std::{path::PathBuf, process::Child, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

use crate::ServerError;
pub(crate) use program::{Program, find};

/// How long a server may take to do what it is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked at meanwhile.
const PAUSE: Duration = Duration::from_millis(10);

/// How much of a log is shown.
const LAST_LINES: usize = 20;

/// A running program, which is ended when this is dropped, and together with the thread that started it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    /// What ends it at once and without a trace.
    stop: Signal,
}

impl Process {
    /// Returns its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Holds it, as if its machine had stopped.
    ///
    /// # Errors
    /// [`ServerError::Io`] when it runs no more.
    pub fn pause(&self) -> Result<(), ServerError> {
        self.signal(Signal::STOP)
    }

    /// Lets it go on after [`Process::pause`].
    ///
    /// # Errors
    /// [`ServerError::Io`] when it runs no more.
    pub fn resume(&self) -> Result<(), ServerError> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<(), ServerError> {
        // An id is used again only after its process was waited for, so this cannot hit another one.
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let sent = id.map_or(Ok(()), |id| kill_process(id, signal));
        sent.map_err(|error| ServerError::io("sending a signal")(error.into()))
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
            if let Some(how) = self.ended()? {
                return Err(self.failed(&how));
            }
            pause();
        }
        Err(ServerError::TooLate { until: until.to_owned(), last })
    }

    /// Waits until its log has these words.
    pub(crate) fn wait_for_words(&mut self, words: &str) -> Result<(), ServerError> {
        let log = self.log.clone();
        self.wait_until(&format!("{} says `{words}`", self.name), || {
            let said = read(&log);
            if said.contains(words) { Ok(()) } else { Err(last_lines(&said)) }
        })
    }

    /// Waits for its end, which has to be a good one.
    fn wait_for_end(mut self) -> Result<(), ServerError> {
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            let status = self.child.try_wait().map_err(ServerError::io("looking at a process"))?;
            match status {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(self.failed(&status.to_string())),
                None => pause(),
            }
        }
        Err(ServerError::TooLate { until: format!("{} ends", self.name), last: last_lines(&read(&self.log)) })
    }

    fn ended(&mut self) -> Result<Option<String>, ServerError> {
        let status = self.child.try_wait().map_err(ServerError::io("looking at a process"))?;
        Ok(status.map(|status| status.to_string()))
    }

    fn failed(&self, how: &str) -> ServerError {
        ServerError::Ended {
            name: self.name.clone(),
            how: format!("ended by itself ({how})"),
            log: last_lines(&read(&self.log)),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            if self.signal(self.stop).is_err() {
                let _ = self.child.kill();
            }
            let _ = self.child.wait();
        }
    }
}

fn read(log: &PathBuf) -> String {
    std::fs::read(log).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
}

fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(LAST_LINES)).copied().collect::<Vec<_>>().join("\n")
}

#[expect(clippy::disallowed_methods, reason = "another process cannot be awaited but by looking again")]
fn pause() {
    std::thread::sleep(PAUSE);
}
