//! A child process: watched until it does what it should, and stopped by its id.

use std::{
    path::{Path, PathBuf},
    process::{Child, ExitStatus},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::ServerError;

/// How long a process may take to do what it is watched for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The time between two looks at it.
const PAUSE: Duration = Duration::from_millis(10);

/// How many lines of a log an error shows.
const LAST_LINES: usize = 20;

/// A running program, which is ended when this is dropped, and together with the thread that started it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    stop: Signal,
}

impl Process {
    /// Takes care of a child that writes into a log, and that a signal ends at once and without a trace.
    pub(crate) fn new(name: String, child: Child, log: PathBuf, stop: Signal) -> Self {
        Self { name, child, log, stop }
    }

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

    /// Waits until a condition holds; the condition says `Err` with what it saw while it does not.
    pub(crate) fn wait_until(
        &mut self,
        until: &str,
        mut condition: impl FnMut() -> Result<(), String>,
    ) -> Result<(), ServerError> {
        self.watch(until, |status| match (condition(), status) {
            (Ok(()), _) => Seen::Done,
            (Err(_), Some(status)) => Seen::Failed(status),
            (Err(seen), None) => Seen::NotYet(seen),
        })
    }

    /// Waits until its log has these words.
    pub(crate) fn wait_for_words(&mut self, words: &str) -> Result<(), ServerError> {
        let log = self.log.clone();
        self.wait_until(&format!("{} says `{words}`", self.name), || {
            let said = read(&log);
            if said.contains(words) { Ok(()) } else { Err(last_lines(&said)) }
        })
    }

    /// Waits for its end, which has to be a success.
    pub(crate) fn wait_for_end(mut self) -> Result<(), ServerError> {
        let log = self.log.clone();
        self.watch(&format!("{} ends", self.name), |status| match status {
            Some(status) if status.success() => Seen::Done,
            Some(status) => Seen::Failed(status),
            None => Seen::NotYet(last_lines(&read(&log))),
        })
    }

    /// Looks at the process again and again: with its exit status, once it has ended.
    fn watch(
        &mut self,
        until: &str,
        mut look: impl FnMut(Option<ExitStatus>) -> Seen,
    ) -> Result<(), ServerError> {
        let mut last = String::new();
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            let status = self.child.try_wait().map_err(ServerError::io("looking at a process"))?;
            match look(status) {
                Seen::Done => return Ok(()),
                Seen::NotYet(seen) => last = seen,
                Seen::Failed(status) => return Err(self.failed(status)),
            }
            pause();
        }
        Err(ServerError::TooLate { until: until.to_owned(), last })
    }

    fn failed(&self, status: ExitStatus) -> ServerError {
        ServerError::Ended {
            name: self.name.clone(),
            how: format!("ended by itself ({status})"),
            log: last_lines(&read(&self.log)),
        }
    }
}

/// What one look at a process showed.
enum Seen {
    Done,
    NotYet(String),
    Failed(ExitStatus),
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

fn read(log: &Path) -> String {
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
