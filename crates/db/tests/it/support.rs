//! Fresh databases, and a look at their files from outside.

use std::path::PathBuf;

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use saoma_db::{Migrations, SqliteStore};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Returns an empty database in a file, with the directory that it lies in: a copy of one that is up to date.
pub(crate) async fn on_disk() -> (SqliteStore, TempDir) {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    std::fs::write(file(&directory), MIGRATED.get_or_init(migrated).await).expect("a file can be written");
    let database = SqliteStore::connect(&url(&directory)).await.expect("a database can be opened");
    (database, directory)
}

/// Returns the file of a database that is up to date.
async fn migrated() -> Vec<u8> {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let database = SqliteStore::connect(&url(&directory)).await.expect("a new database can be opened");
    database.migrate().await.expect("a new database can be brought up to date");
    let whole = directory.path().join("whole.db");
    OtherProgram::at(&directory).run(&format!("VACUUM INTO '{}'", whole.display()));
    std::fs::read(whole).expect("the copy can be read")
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
