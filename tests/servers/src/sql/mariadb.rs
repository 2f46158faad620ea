//! MariaDB.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use rustix::process::geteuid;

use super::engine::{SqlEngine, write};
use crate::{
    ServerError,
    program::{Program, find},
    server::Engine,
};

const PACKAGE: &str = "mariadb-server-core";

/// Where a version keeps its files beside its programs, and how their names begin: the newer ones come first.
const SHARED: [(&str, &str); 2] = [("share/mariadb", "mariadb"), ("share/mysql", "mysql")];

/// What makes an empty data directory a server's, in this order.
const SYSTEM_TABLES: [&str; 3] = ["system_tables.sql", "performance_tables.sql", "system_tables_data.sql"];

/// Rights cannot be granted before the server runs.
const FIRST_STATEMENTS: &str = "CREATE DATABASE IF NOT EXISTS saoma;\n\
    CREATE USER IF NOT EXISTS 'saoma'@'127.0.0.1' IDENTIFIED BY 'saoma';\n\
    GRANT ALL ON *.* TO 'saoma'@'127.0.0.1';\n";

/// MariaDB, with settings.
#[derive(Debug)]
pub struct MariaDbEngine {
    settings: Vec<String>,
}

impl Engine for MariaDbEngine {
    const READY: &'static str = "ready for connections";

    fn program(&self, port: u16, directory: &Path) -> Result<Program, ServerError> {
        let first = directory.join("first.sql");
        write(&first, FIRST_STATEMENTS)?;
        let mut settings = vec![
            format!("port={port}"),
            "bind-address=127.0.0.1".to_owned(),
            "skip-name-resolve".to_owned(),
            "max-connections=400".to_owned(),
            format!("init-file={}", first.display()),
            format!("socket={}", directory.join("socket").display()),
            format!("pid-file={}", directory.join("pid").display()),
            "innodb-flush-log-at-trx-commit=0".to_owned(),
        ];
        settings.extend(self.settings.iter().cloned());
        Ok(program(directory)?.args(settings.iter().map(|setting| format!("--{setting}"))))
    }
}

impl SqlEngine for MariaDbEngine {
    fn with(settings: Vec<String>) -> Self {
        Self { settings }
    }

    fn initialize(&self, directory: &Path) -> Result<(), ServerError> {
        std::fs::create_dir(directory.join("data")).map_err(ServerError::io("a directory cannot be made"))?;
        let (folder, beginning) = shared()?;
        let mut statements = "CREATE DATABASE mysql;\nUSE mysql;\n".to_owned();
        for name in SYSTEM_TABLES {
            let file = folder.join(format!("{beginning}_{name}"));
            statements += &std::fs::read_to_string(file)
                .map_err(ServerError::io("the statements for the system tables cannot be read"))?;
        }
        let input = directory.join("bootstrap.sql");
        write(&input, &statements)?;
        program(directory)?.args(["--bootstrap"]).input(input).run()
    }

    fn url(port: u16, database: &str) -> String {
        format!("mysql://saoma:saoma@127.0.0.1:{port}/{database}")
    }
}

fn path() -> Result<PathBuf, ServerError> {
    find("mariadbd", PACKAGE, &[PathBuf::from("/usr/sbin")])
}

/// Returns where the files of the version are, and how their names begin.
fn shared() -> Result<(PathBuf, &'static str), ServerError> {
    let path = path()?;
    let root = path.parent().and_then(Path::parent).unwrap_or(Path::new("/usr"));
    let mut places = SHARED.iter().map(|(folder, beginning)| (root.join(folder), *beginning));
    let found =
        places.find(|(folder, beginning)| folder.join(format!("{beginning}_{}", SYSTEM_TABLES[0])).is_file());
    found.ok_or(ServerError::Missing { program: SYSTEM_TABLES[0], package: PACKAGE })
}

/// Returns the program with the settings that it has whatever it does.
fn program(directory: &Path) -> Result<Program, ServerError> {
    let mut arguments: Vec<OsString> = vec![
        "--no-defaults".into(),
        prefixed("--datadir=", &directory.join("data")),
        // In a directory that servers share, each removes the others' temporary tables when it starts.
        prefixed("--tmpdir=", directory),
        // It would look where its package is installed.
        prefixed("--lc-messages-dir=", &shared()?.0),
    ];
    if geteuid().is_root() {
        arguments.push("--user=root".into());
    }
    arguments.extend(
        ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--loose-innodb-use-native-aio=0"]
            .map(OsString::from),
    );
    Ok(Program::new(path()?, "mariadbd", directory).args(arguments))
}

fn prefixed(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}
