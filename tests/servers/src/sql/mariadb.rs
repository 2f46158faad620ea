//! MariaDB.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use rustix::process::geteuid;
use tempfile::TempDir;

use super::directory;
use crate::{
    Process, ServerError, ports,
    process::{Program, find},
};

const PACKAGE: &str = "mariadb-server-core";

/// What makes an empty data directory a server's, in this order.
const SYSTEM_TABLES: [&str; 3] =
    ["mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql"];

/// Rights cannot be granted before the server runs.
const FIRST_STATEMENTS: &str = "CREATE DATABASE IF NOT EXISTS saoma;\n\
    CREATE USER IF NOT EXISTS 'saoma'@'127.0.0.1' IDENTIFIED BY 'saoma';\n\
    GRANT ALL ON *.* TO 'saoma'@'127.0.0.1';\n";

/// A MariaDB server of its own, with the database `saoma` and a user of that name and password who may do
/// everything.
#[derive(Debug)]
pub struct MariaDb {
    // Stopped before its files go.
    running: Option<Process>,
    settings: Vec<String>,
    port: u16,
    directory: TempDir,
}

impl MariaDb {
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
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut server = Self { running: None, settings, port: ports::free()?.port, directory };
        server.initialize()?;
        for (name, content) in files {
            server.write(&Path::new("data").join(name), content)?;
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
        let first = self.write(Path::new("first.sql"), FIRST_STATEMENTS)?;
        let mut settings = vec![
            format!("port={}", self.port),
            "bind-address=127.0.0.1".to_owned(),
            "skip-name-resolve".to_owned(),
            "max-connections=400".to_owned(),
            format!("init-file={}", first.display()),
            format!("socket={}", self.directory.path().join("socket").display()),
            format!("pid-file={}", self.directory.path().join("pid").display()),
            "innodb-flush-log-at-trx-commit=0".to_owned(),
        ];
        settings.extend(self.settings.iter().cloned());
        let mut running = self.program(&settings)?.start()?;
        running.wait_for_words("ready for connections")?;
        self.running = Some(running);
        Ok(())
    }

    /// Returns the URL of a database of this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("mysql://saoma:saoma@127.0.0.1:{}/{database}", self.port)
    }

    fn initialize(&self) -> Result<(), ServerError> {
        let data = self.directory.path().join("data");
        std::fs::create_dir(&data).map_err(ServerError::io("a directory cannot be made"))?;
        let mut statements = "CREATE DATABASE mysql;\nUSE mysql;\n".to_owned();
        for file in SYSTEM_TABLES {
            let file = Path::new("/usr/share/mysql").join(file);
            let missing = ServerError::Missing { program: "mysql_system_tables.sql", package: PACKAGE };
            statements += &std::fs::read_to_string(file).map_err(|_| missing)?;
        }
        let input = self.write(Path::new("bootstrap.sql"), &statements)?;
        self.program(&["bootstrap".to_owned()])?.input(input).run()
    }

    fn program(&self, settings: &[String]) -> Result<Program, ServerError> {
        let data = self.directory.path().join("data");
        let mut arguments: Vec<OsString> = vec!["--no-defaults".into(), prefixed("--datadir=", &data)];
        if geteuid().is_root() {
            arguments.push("--user=root".into());
        }
        arguments.extend(
            ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--loose-innodb-use-native-aio=0"]
                .map(OsString::from),
        );
        arguments.extend(settings.iter().map(|setting| format!("--{setting}").into()));
        let path = find("mariadbd", PACKAGE, &[PathBuf::from("/usr/sbin")])?;
        Ok(Program::new(path, "mariadbd", self.directory.path()).args(arguments))
    }

    fn write(&self, name: &Path, content: &str) -> Result<PathBuf, ServerError> {
        let file = self.directory.path().join(name);
        std::fs::write(&file, content).map_err(ServerError::io("a file of the server cannot be written"))?;
        Ok(file)
    }
}

fn prefixed(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}
