//! A server as a child process: started, watched until it is ready, and stopped by its id.

use std::{
    ffi::OsString,
    fs::File,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::time;

/// How long a server may take until it is ready, and how long any step before.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a server that starts is looked at.
const GLANCE: Duration = Duration::from_millis(10);

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program is not on this machine.
    #[error("`{program}` is missing: install the package `{package}`")]
    Missing {
        /// The program.
        program: &'static str,
        /// The package of Debian that it comes with.
        package: &'static str,
    },
    /// A program ended, or was not ready in time.
    #[error("{program} {what}; it said:\n{log}")]
    Failed {
        /// The program.
        program: String,
        /// What it did instead of serving.
        what: String,
        /// All that it has written.
        log: String,
    },
    /// The system refused something.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Makes an [`Error::System`] out of what the system says.
pub(crate) fn system(what: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::System { what, source }
}

/// Returns where a program lies, looking into `also` after the search path.
pub(crate) fn find(program: &'static str, package: &'static str, also: &[PathBuf]) -> Result<PathBuf, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).chain(also.iter().cloned());
    let found = places.find_map(|place| Some(place.join(program)).filter(|program| program.is_file()));
    found.ok_or(Error::Missing { program, package })
}

/// Returns a port of the loopback interface that nobody listens on.
pub(crate) fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(system("no port is free"))?;
    Ok(listener.local_addr().map_err(system("no port is free"))?.port())
}

/// Makes a directory for a server's files, in memory where the system has room for files in memory.
pub(crate) fn directory() -> Result<tempfile::TempDir, Error> {
    let in_memory = Path::new("/dev/shm");
    let place = if in_memory.is_dir() { in_memory.to_owned() } else { std::env::temp_dir() };
    let made = tempfile::Builder::new().prefix("saoma-").tempdir_in(place);
    made.map_err(system("no temporary directory can be made"))
}

/// How a program is run.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    /// The user and group that it runs as, if not as this process.
    pub(crate) owner: Option<(u32, u32)>,
    /// A file that it reads instead of nothing.
    pub(crate) input: Option<PathBuf>,
    /// Where it writes what it has to say.
    pub(crate) log: PathBuf,
    /// What ends it at once and without a trace.
    pub(crate) stop: Signal,
}

impl Program {
    /// Runs the program to its end.
    pub(crate) async fn run(&self) -> Result<(), Error> {
        let mut running = self.spawn()?;
        match time::timeout(PATIENCE, running.ended()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(self.failed(format!("ended with {status}"))),
            Ok(Err(error)) => Err(system("a program cannot be waited for")(error)),
            Err(_) => Err(self.failed(format!("had not ended after {PATIENCE:?}"))),
        }
    }

    /// Starts the program and waits until its log says `ready`.
    pub(crate) async fn serve(&self, ready: &str) -> Result<Running, Error> {
        let mut running = self.spawn()?;
        let watch = async {
            loop {
                if self.log().contains(ready) {
                    return Ok(());
                }
                if let Some(status) =
                    running.child.try_wait().map_err(system("a program cannot be watched"))?
                {
                    return Err(self.failed(format!("ended with {status}")));
                }
                time::sleep(GLANCE).await;
            }
        };
        match time::timeout(PATIENCE, watch).await {
            Ok(outcome) => outcome.map(|()| running),
            Err(_) => Err(self.failed(format!("was not ready after {PATIENCE:?}"))),
        }
    }

    /// `setpriv` has the system end the server when the thread that started it does, so that not even a killed
    /// test run leaves one behind.
    fn spawn(&self) -> Result<Running, Error> {
        let log = File::create(&self.log).map_err(system("a log cannot be written"))?;
        let errors = log.try_clone().map_err(system("a log cannot be written"))?;
        let input = match &self.input {
            Some(path) => Stdio::from(File::open(path).map_err(system("an input cannot be read"))?),
            None => Stdio::null(),
        };
        let mut command = Command::new(find("setpriv", "util-linux", &[])?);
        command.args(["--pdeathsig", "KILL", "--"]).arg(&self.path).args(&self.arguments);
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        // A group of its own keeps a Ctrl-C for the command from ending its servers first.
        command.current_dir("/").process_group(0).stdin(input).stdout(log).stderr(errors);
        let child = command.spawn().map_err(system("a program cannot be started"))?;
        Ok(Running { child, stop: self.stop })
    }

    fn log(&self) -> String {
        std::fs::read(&self.log).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    fn failed(&self, what: String) -> Error {
        Error::Failed { program: self.path.display().to_string(), what, log: self.log() }
    }
}

/// A running program, which is stopped with this value.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    stop: Signal,
}

impl Running {
    async fn ended(&mut self) -> std::io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            time::sleep(GLANCE).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An id is used again only after its process was waited for, so this cannot hit another one.
        if let Ok(None) = self.child.try_wait() {
            let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
            let stopped = id.is_some_and(|id| kill_process(id, self.stop).is_ok());
            if !stopped {
                let _ = self.child.kill();
            }
            let _ = self.child.wait();
        }
    }
}
