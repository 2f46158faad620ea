//! Opening a SQLite database: what is set on each connection, and why one cannot be opened.

use std::path::Path;

use diesel::{Connection as _, ConnectionError, QueryResult, connection::SimpleConnection};

use super::{
    dialect::Connection,
    frame::{Begin, Commit, run, while_busy},
    job::Mode,
    location::{Location, make_private},
    store::Store,
};
use crate::error::ConnectError;

/// How often a setting is tried again while another process holds the file: for half a second or so.
const RETRIES_TO_SET: u32 = 20;

/// What each connection is told, one by one and in this order.
///
/// * How long to wait for another process that writes; with three retries that makes a second in all.
/// * WAL, so that reading and writing do not disturb each other.
/// * FULL, so that a commit has reached the disk when it returns: what WAL does with NORMAL survives a killed
///   process but not a power cut, and callers tell people what was committed.
/// * A log of 16 MB instead of 4 before it goes to the file: the rows of a login lie on a dozen pages, and in the longer log
///   more of them change twice before they are written there. With 100,000 logins in the file, a fifth more are done.
const SETTINGS: [&str; 5] = [
    "PRAGMA busy_timeout = 250",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 4000",
];

/// What a connection is told that is there for reading: to refuse everything else.
const READ_ONLY: &str = "PRAGMA query_only = ON";

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
        let location = Location::parse(url)?;
        let failed = |reason| ConnectError::Failed { address: url.to_owned(), reason };
        let opened = Self::open(url, &location).await;
        opened.map_err(|reason| explain(&location, &reason).unwrap_or_else(|| failed(reason)))
    }
}

/// Opens a connection. One for writing takes the lock to write and gives it back, which makes the file and those that
/// WAL needs beside it.
pub(super) fn open(location: &Location, mode: Mode) -> Result<Connection, String> {
    if let Location::File(path) = location {
        make_private(path);
    }
    let mut connection = Connection::establish(&location.name()).map_err(cause)?;
    let opened = SETTINGS.iter().try_for_each(|setting| set(&mut connection, setting));
    let opened = opened.and_then(|()| match mode {
        Mode::Read => set(&mut connection, READ_ONLY),
        Mode::Write => while_busy(RETRIES_TO_SET, || run(&mut connection, Begin))
            .and_then(|()| run(&mut connection, Commit)),
    });
    opened.map_err(|error| error.to_string())?;
    Ok(connection)
}

/// Returns what SQLite said, without what Diesel was doing.
fn cause(error: ConnectionError) -> String {
    match error {
        ConnectionError::BadConnection(cause) | ConnectionError::InvalidConnectionUrl(cause) => cause,
        error @ (ConnectionError::InvalidCString(_) | ConnectionError::CouldntSetupConfiguration(_) | _) => {
            error.to_string()
        }
    }
}

/// Sets one thing. SQLite does not wait for another process that switches a new file to WAL at the same moment, so
/// this function does.
fn set(connection: &mut Connection, setting: &str) -> QueryResult<()> {
    while_busy(RETRIES_TO_SET, || connection.batch_execute(setting))
}

/// Makes an operator's reason out of SQLite's, where the reason is the file.
fn explain(location: &Location, reason: &str) -> Option<ConnectError> {
    let Location::File(path) = location else { return None };
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
