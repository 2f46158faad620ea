//! What is SQLite's own.

use diesel::{
    QueryResult, SqliteConnection,
    connection::AnsiTransactionManager,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;

pub(super) type Connection = SyncConnectionWrapper<SqliteConnection>;

/// Begins a transaction, which takes the lock to write at once: one that takes it later, after it has read, can be
/// refused because of another writer in between, however long it would wait.
pub(super) async fn begin(connection: &mut Connection) -> QueryResult<()> {
    let begin = |connection: &mut SqliteConnection| {
        AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
    };
    connection.spawn_blocking(begin).await
}

/// How many rows one statement removes.
pub(super) const ROWS_A_DELETE: usize = 200;

/// Returns whether an error means that another connection held a lock for too long.
///
/// Diesel passes on SQLite's message but not its code; these are the messages of `SQLITE_BUSY` and
/// `SQLITE_LOCKED`.
pub(super) fn is_busy(error: &Error) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::Unknown, about) = error else { return false };
    matches!(about.message(), "database is locked" | "database table is locked")
}

/// Returns whether an error means that the connection is of no use any more, which a file's never is.
pub(super) fn is_lost(_: &Error) -> bool {
    false
}
