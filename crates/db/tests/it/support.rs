//! Fresh databases, and a look at their files from outside.

use std::path::PathBuf;

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use saoma_db::{Migrations, SqliteStore};
use tempfile::TempDir;

/// Returns an empty database in a file, with the directory that it lies in.
pub(crate) async fn on_disk() -> (SqliteStore, TempDir) {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let database = SqliteStore::connect(&url(&directory)).await.expect("a new database can be opened");
    database.migrate().await.expect("a new database can be brought up to date");
    (database, directory)
}

/// Returns an empty database in memory, and nothing to keep.
pub(crate) async fn in_memory() -> (SqliteStore, ()) {
    let database = SqliteStore::connect("sqlite::memory:").await.expect("a memory can be opened");
    database.migrate().await.expect("a new database can be brought up to date");
    (database, ())
}

pub(crate) fn file(directory: &TempDir) -> PathBuf {
    directory.path().join("saoma.db")
}

pub(crate) fn url(directory: &TempDir) -> String {
    format!("sqlite://{}", file(directory).display())
}

/// Another program that has the same file open.
pub(crate) struct OtherProgram(SqliteConnection);

impl OtherProgram {
    pub(crate) fn at(directory: &TempDir) -> Self {
        let path = file(directory).display().to_string();
        let mut other = Self(SqliteConnection::establish(&path).expect("the file can be opened"));
        other.run("PRAGMA busy_timeout = 5000");
        other
    }

    pub(crate) fn run(&mut self, sql: &str) {
        self.0.batch_execute(sql).expect("the statement is right");
    }

    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}
