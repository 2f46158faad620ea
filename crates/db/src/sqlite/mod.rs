//! SQLite, bundled: the embedded default.
//!
//! One transaction writes at a time and any number read beside it (WAL). Two connections are kept, since more
//! only wait for each other.

/// Nobody else writes while rows are removed here, so there is nothing to lock.
macro_rules! claim {
    ($query:expr) => {
        $query
    };
}

/// Nobody else writes during a transaction here, so there is nothing to lock.
macro_rules! held {
    ($query:expr) => {
        $query
    };
}

mod connecting;
mod migrations;
#[path = "../repository/mod.rs"]
mod repository;
#[cfg(test)]
mod tests;

use diesel::{
    SqliteConnection,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;

use crate::failure::Failure;
pub(crate) use connecting::connect;
use repository::Work;

/// How many rows one transaction of pruning removes, so that others get their turn to write in between.
const ROWS_A_STEP: u32 = 200;

/// How many rows one statement removes.
const ROWS_A_DELETE: usize = 200;

type Connection = SyncConnectionWrapper<SqliteConnection>;

/// Runs a unit of work in one transaction.
///
/// It takes the lock to write at its beginning: one that takes it later, after it has read, can be refused
/// because of another writer in between, whatever its patience.
async fn write_transaction<I: Sync, R: Send>(
    connection: &mut Connection,
    input: &I,
    task: for<'a> fn(&'a mut Connection, &'a I) -> Work<'a, R>,
) -> Result<R, Failure> {
    connection.immediate_transaction(async |connection| task(connection, input).await).await
}

/// Returns whether an error means that another connection held a lock for too long.
///
/// Diesel passes on SQLite's message but not its code; these are the messages of `SQLITE_BUSY` and
/// `SQLITE_LOCKED`.
fn is_busy(error: &Error) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::Unknown, about) = error else { return false };
    matches!(about.message(), "database is locked" | "database table is locked")
}

/// Returns whether an error means that the connection is of no use any more, which a file's never is.
fn is_lost(_: &Error) -> bool {
    false
}
