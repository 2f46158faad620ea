//! Opening a SQLite database: what a URL means, what is set on each connection, and why one cannot be opened.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use deadpool::Runtime;
use diesel::{ConnectionError, QueryResult};
use diesel_async::{
    AsyncConnection, SimpleAsyncConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};

use super::{Connection, is_busy, tables::Store};
use crate::{ConnectError, backoff::pause, failure::Failure};

/// How long opening a connection may take.
const OPENING: Duration = Duration::from_secs(5);

/// How often a setting is tried again while another process holds the file: for half a second or so.
const ATTEMPTS_TO_SET: u32 = 20;

/// One connection reads while the other one writes; more would only wait for each other.
const CONNECTIONS: usize = 2;

/// SQLite lets one transaction write at a time. Waiting for a turn costs nothing here, while SQLite's own waiters
/// hold a connection, sleep, and are served in any order.
const WRITERS: usize = 1;

/// What each connection is told, one by one and in this order.
///
/// * How long to wait for another process that writes; with three retries that makes a second in all.
/// * WAL, so that reading and writing do not disturb each other.
/// * FULL, so that a commit has reached the disk when it returns: what WAL does with NORMAL survives a killed
///   process but not a power cut, and callers tell people what was committed.
const SETTINGS: [&str; 4] = [
    "PRAGMA busy_timeout = 250",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
];

/// Where a database is.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Memory,
    File(PathBuf),
}

impl Place {
    fn parse(url: &str) -> Result<Self, ConnectError> {
        if url == "sqlite::memory:" {
            return Ok(Self::Memory);
        }
        match url.strip_prefix("sqlite://") {
            Some("" | "/") | None => {
                Err(ConnectError::InvalidUrl("SQLite wants sqlite://<path of the file> or sqlite::memory:"))
            }
            Some(path) if path.contains('\0') => Err(ConnectError::InvalidUrl("the path has a zero byte")),
            Some(path) => Ok(Self::File(PathBuf::from(path))),
        }
    }

    /// Returns the name by which SQLite opens it; `./` keeps it from taking a path for a URI or a memory.
    fn name(&self) -> String {
        match self {
            Self::Memory => ":memory:".to_owned(),
            Self::File(path) if path.is_absolute() => path.display().to_string(),
            Self::File(path) => format!("./{}", path.display()),
        }
    }
}

impl Store {
    /// Opens a database as [`connect`](crate::connect) does, by a URL that begins with `sqlite:`.
    ///
    /// # Errors
    /// [`ConnectError`] says whether the URL is wrong, the file's directory is missing, or the file cannot be
    /// written.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let place = Place::parse(url)?;
        let failed = |reason| ConnectError::Failed { address: url.to_owned(), reason };
        let pool = pool(&place).map_err(|error| failed(error.to_string()))?;
        let opened = match pool.get().await {
            Ok(mut connection) => try_to_write(&mut connection).await,
            Err(error) => Err(Failure::from(error).cause()),
        };
        match opened {
            Ok(()) => Ok(Self::new(url, pool, WRITERS, None)),
            Err(reason) => Err(explain(&place, &reason).unwrap_or_else(|| failed(reason))),
        }
    }
}

fn pool(place: &Place) -> Result<Pool<Connection>, deadpool::managed::BuildError> {
    let mut config = ManagerConfig::<Connection>::default();
    config.custom_setup = Box::new(|name| Box::pin(open(name.to_owned())));
    config.recycling_method = RecyclingMethod::Fast;
    let manager = AsyncDieselConnectionManager::new_with_config(place.name(), config);
    Pool::builder(manager)
        // Each connection to a database in memory would have a database of its own.
        .max_size(if *place == Place::Memory { 1 } else { CONNECTIONS })
        .wait_timeout(Some(Store::TURN_TO_WRITE))
        .create_timeout(Some(OPENING))
        .runtime(Runtime::Tokio1)
        .build()
}

async fn open(name: String) -> Result<Connection, ConnectionError> {
    let mut connection = Connection::establish(&name).await?;
    for setting in SETTINGS {
        set(&mut connection, setting).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    }
    Ok(connection)
}

/// Sets one thing. SQLite does not wait for another process that switches a new file to WAL at the same moment, so
/// this function does.
async fn set(connection: &mut Connection, setting: &str) -> QueryResult<()> {
    for attempt in 0..ATTEMPTS_TO_SET {
        match connection.batch_execute(setting).await {
            Err(error) if is_busy(&error) => tokio::time::sleep(pause(attempt)).await,
            outcome => return outcome,
        }
    }
    connection.batch_execute(setting).await
}

/// Takes the lock to write and gives it back, which makes the file and those that WAL needs beside it.
async fn try_to_write(connection: &mut Object<Connection>) -> Result<(), String> {
    connection.batch_execute("BEGIN IMMEDIATE; COMMIT").await.map_err(|error| error.to_string())
}

/// Makes an operator's reason out of SQLite's, where the reason is the file.
fn explain(place: &Place, reason: &str) -> Option<ConnectError> {
    let Place::File(path) = place else { return None };
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    if !directory.is_dir() {
        return Some(ConnectError::DirectoryMissing { path: directory.to_owned() });
    }
    // The messages of SQLITE_CANTOPEN, SQLITE_READONLY and SQLITE_PERM.
    let is_refused = ["unable to open", "readonly", "permission denied"].iter().any(|it| reason.contains(it));
    is_refused.then(|| ConnectError::NotWritable { path: path.clone(), reason: reason.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_never_taken_for_something_else() {
        for (url, name) in [
            ("sqlite::memory:", ":memory:"),
            ("sqlite:///var/lib/saoma.db", "/var/lib/saoma.db"),
            ("sqlite://saoma.db", "./saoma.db"),
            ("sqlite://:memory:", "./:memory:"),
            ("sqlite://file:x?mode=ro", "./file:x?mode=ro"),
        ] {
            assert_eq!(Place::parse(url).unwrap().name(), name);
        }
    }

    #[test]
    fn what_names_no_file_is_no_url() {
        for rest in ["", "//", "///", "saoma.db", "/saoma.db", "memory", "//a\0b"] {
            let url = format!("sqlite:{rest}");
            assert!(matches!(Place::parse(&url), Err(ConnectError::InvalidUrl(_))), "{url:?}");
        }
    }
}
