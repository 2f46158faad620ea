//! PostgreSQL.

use std::{
    ffi::OsString,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
};

use rustix::process::{Signal, geteuid};
use tempfile::TempDir;

use super::directory;
use crate::{
    Process, ServerError, ports,
    process::{Program, find},
};

const PACKAGE: &str = "postgresql";

/// A PostgreSQL server of its own, with the database `saoma` and a user of that name who may do everything and
/// needs no password.
#[derive(Debug)]
pub struct Postgres {
    // Stopped before its files go.
    running: Option<Process>,
    settings: Vec<String>,
    port: u16,
    directory: TempDir,
}

impl Postgres {
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
        let directory = directory()?;
        own(directory.path(), 0o700)?;
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { running: None, settings, port: ports::free()?.port, directory };
        server.initialize()?;
        for (name, content) in files {
            let file = server.data().join(name);
            std::fs::write(&file, content)
                .map_err(ServerError::io("a file of the server cannot be written"))?;
            own(&file, 0o600)?;
        }
        server.restart()?;
        Ok(server)
    }

    /// Ends the server at once, as if the machine had failed.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Starts the server again, on the same port and with the same files, after ending it if it runs.
    ///
    /// # Errors
    /// [`ServerError`] says what the server said.
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.kill();
        let mut settings = vec![
            format!("port={}", self.port),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            "max_connections=400".to_owned(),
            "shared_buffers=32MB".to_owned(),
            "dynamic_shared_memory_type=mmap".to_owned(),
            "fsync=off".to_owned(),
            "full_page_writes=off".to_owned(),
            "lc_messages=C".to_owned(),
        ];
        settings.extend(self.settings.iter().cloned());
        let mut arguments: Vec<OsString> = vec!["-D".into(), self.data().into()];
        arguments.extend(settings.into_iter().flat_map(|setting| ["-c".into(), setting.into()]));
        let mut running = self.program("postgres")?.args(arguments).start()?;
        running.wait_for_words("ready to accept connections")?;
        self.running = Some(running);
        Ok(())
    }

    /// Returns the port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the URL of a database of this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://saoma@127.0.0.1:{}/{database}", self.port)
    }

    fn initialize(&self) -> Result<(), ServerError> {
        let options = ["-A", "trust", "-U", "saoma", "-E", "UTF8", "--locale=C", "--no-sync", "-D"];
        let mut arguments: Vec<OsString> = options.map(OsString::from).into();
        arguments.push(self.data().into());
        self.program("initdb")?.args(arguments).run()?;
        // The database is made where no other connection can be: by the server itself, running alone.
        let input = self.directory.path().join("create.sql");
        std::fs::write(&input, "CREATE DATABASE saoma\n")
            .map_err(ServerError::io("an input cannot be written"))?;
        let alone: [OsString; 4] = ["--single".into(), "-D".into(), self.data().into(), "postgres".into()];
        self.program("postgres")?.args(alone).input(input).run()
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn program(&self, name: &'static str) -> Result<Program, ServerError> {
        let program = Program::new(find(name, PACKAGE, &installed())?, name, self.directory.path());
        // Anything harder would leave its piece of shared memory behind.
        Ok(program.owner(owner()).stop(Signal::QUIT))
    }
}

/// Debian keeps each version's programs in a folder of their own; the newest comes first.
fn installed() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .collect();
    folders.sort_unstable_by(|one, other| other.cmp(one));
    folders.into_iter().map(|(_, folder)| folder).collect()
}

/// PostgreSQL refuses to run as root; then it runs as the user of the package, or as nobody.
fn owner() -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of_user = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2);
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    };
    of_user("postgres").or_else(|| of_user("nobody"))
}

/// Gives a file or directory to the user that the server runs as.
fn own(path: &Path, mode: u32) -> Result<(), ServerError> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(ServerError::io("rights cannot be set"))?;
    match owner() {
        Some((user, group)) => {
            chown(path, Some(user), Some(group)).map_err(ServerError::io("an owner cannot be set"))
        }
        None => Ok(()),
    }
}
