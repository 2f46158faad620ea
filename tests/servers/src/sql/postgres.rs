//! PostgreSQL.

use std::{
    ffi::OsString,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
};

use rustix::process::{Signal, geteuid};

use super::engine::{SqlEngine, write};
use crate::{
    ServerError,
    program::{Program, find},
    server::Engine,
};

const PACKAGE: &str = "postgresql";

/// PostgreSQL, with settings.
#[derive(Debug)]
pub struct PostgresEngine {
    settings: Vec<String>,
}

impl Engine for PostgresEngine {
    const READY: &'static str = "ready to accept connections";

    fn program(&self, port: u16, directory: &Path) -> Result<Program, ServerError> {
        let mut settings = vec![
            format!("port={port}"),
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
        let settings = settings.into_iter().flat_map(|setting| ["-c".into(), setting.into()]);
        Ok(program("postgres", directory)?.args(in_data(directory)).args::<OsString>(settings))
    }
}

impl SqlEngine for PostgresEngine {
    fn with(settings: Vec<String>) -> Self {
        Self { settings }
    }

    fn initialize(&self, directory: &Path) -> Result<(), ServerError> {
        own(directory, 0o700)?;
        let options = ["-A", "trust", "-U", "saoma", "-E", "UTF8", "--locale=C", "--no-sync"];
        program("initdb", directory)?.args(options).args(in_data(directory)).run()?;
        // The database is made where no other connection can be: by the server itself, running alone.
        let input = directory.join("create.sql");
        write(&input, "CREATE DATABASE saoma\n")?;
        let alone = program("postgres", directory)?.args(["--single"]).args(in_data(directory));
        alone.args(["postgres"]).input(input).run()
    }

    fn own(&self, file: &Path) -> Result<(), ServerError> {
        own(file, 0o600)
    }

    fn url(port: u16, database: &str) -> String {
        format!("postgres://saoma@127.0.0.1:{port}/{database}")
    }
}

fn in_data(directory: &Path) -> [OsString; 2] {
    ["-D".into(), directory.join("data").into()]
}

fn program(name: &'static str, directory: &Path) -> Result<Program, ServerError> {
    let program = Program::new(find(name, PACKAGE, &installed())?, name, directory);
    // Anything harder would leave its piece of shared memory behind.
    Ok(program.owner(owner()).stop(Signal::QUIT))
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
pub(super) fn owner() -> Option<(u32, u32)> {
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
