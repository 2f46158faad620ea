//! How a program is found and run.

use std::{
    ffi::OsString,
    fs::File,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::process::Signal;

use crate::{Process, ServerError};

/// Names the folders of the shared libraries that the servers need and the system does not have.
const LIBRARIES: &str = "SAOMA_TEST_LIBRARIES";

/// A program and how it is run.
pub struct Program {
    path: PathBuf,
    name: String,
    directory: PathBuf,
    arguments: Vec<OsString>,
    owner: Option<(u32, u32)>,
    input: Option<PathBuf>,
    stop: Signal,
}

impl Program {
    /// A program that runs in a directory, where its output goes into the file `<name>.log`.
    pub(crate) fn new(path: PathBuf, name: &str, directory: &Path) -> Self {
        Self {
            path,
            name: name.to_owned(),
            directory: directory.to_owned(),
            arguments: Vec::new(),
            owner: None,
            input: None,
            stop: Signal::KILL,
        }
    }

    pub(crate) fn args<T: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Runs it as this user and group, if not as those of this process.
    pub(crate) fn owner(self, owner: Option<(u32, u32)>) -> Self {
        Self { owner, ..self }
    }

    /// Has it read a file instead of nothing.
    pub(crate) fn input(self, file: PathBuf) -> Self {
        Self { input: Some(file), ..self }
    }

    /// Ends it by another signal than SIGKILL.
    pub(crate) fn stop(self, stop: Signal) -> Self {
        Self { stop, ..self }
    }

    /// Runs it to its end.
    pub(crate) fn run(&self) -> Result<(), ServerError> {
        self.start()?.wait_for_end()
    }

    /// Starts it.
    ///
    /// `setpriv` has the system end it when the thread that started it ends, so that not even a killed test run
    /// leaves a server behind.
    pub(crate) fn start(&self) -> Result<Process, ServerError> {
        let log = self.directory.join(format!("{}.log", self.name));
        let output = File::create(&log).map_err(ServerError::io("creating a log"))?;
        let errors = output.try_clone().map_err(ServerError::io("creating a log"))?;
        let input = match &self.input {
            Some(path) => Stdio::from(File::open(path).map_err(ServerError::io("reading an input"))?),
            None => Stdio::null(),
        };
        let mut command = Command::new(find("setpriv", "util-linux", &[])?);
        if let Some((user, group)) = self.owner {
            command.args([
                format!("--reuid={user}"),
                format!("--regid={group}"),
                "--clear-groups".to_owned(),
            ]);
            // The program may lie where only root may look, such as in a clone below /root.
            command.args(["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]);
        }
        command.args(["--pdeathsig", "KILL", "--"]).arg(&self.path).args(&self.arguments);
        if let Some(libraries) = std::env::var_os(LIBRARIES) {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        // A group of its own keeps a Ctrl-C for the command from ending its servers first.
        command.current_dir(&self.directory).process_group(0).stdin(input).stdout(output).stderr(errors);
        let child = command.spawn().map_err(ServerError::io(format!("starting {}", self.name)))?;
        Ok(Process::new(self.name.clone(), child, log, self.stop))
    }
}

/// Returns where a program lies, looking into `also` after the search path.
pub(crate) fn find(
    program: &'static str,
    package: &'static str,
    also: &[PathBuf],
) -> Result<PathBuf, ServerError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).chain(also.iter().cloned());
    let found = places.find_map(|place| Some(place.join(program)).filter(|program| program.is_file()));
    found.ok_or(ServerError::Missing { program, package })
}
