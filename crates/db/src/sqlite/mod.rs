//! SQLite, bundled: the embedded default.
//!
//! One transaction writes at a time and any number read beside it (WAL). Two connections are kept, since more
//! only wait for each other.

/// Locks the row that a query reads: no other transaction writes during one here, so there is nothing to lock.
macro_rules! for_update {
    ($query:expr) => {
        $query
    };
}

/// Locks the rows that a query is about to have removed: see `for_update!`.
macro_rules! for_removal {
    ($query:expr) => {
        $query
    };
}

mod connecting;
#[path = "../tables/mod.rs"]
mod tables;
#[cfg(test)]
mod tests;

use diesel::{
    SqliteConnection,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use saoma_domain::{ports::StoreError, rules::Transactions};

use crate::{
    failure::Failure,
    migrations::{Migration, Step, migrations},
};
pub use tables::Store as SqliteStore;
use tables::{Rule, SqlRows, Store, migrate};

const MIGRATIONS: &[Migration] = migrations!("sqlite");

/// How many rows one statement removes.
const ROWS_A_DELETE: usize = 200;

type Connection = SyncConnectionWrapper<SqliteConnection>;

/// Makes one attempt at a rule in a transaction.
///
/// It takes the lock to write at its beginning: one that takes it later, after it has read, can be refused
/// because of another writer in between, however long it would wait.
async fn in_transaction<I: Sync, T: Send>(
    connection: &mut Connection,
    input: &I,
    rule: Rule<I, T>,
) -> Result<T, Failure> {
    connection.immediate_transaction(async |connection| SqlRows::attempt(connection, input, rule).await).await
}

/// Does a step in one transaction, so that of several processes that start at once the first one makes the
/// changes and the others find them made.
async fn change_schema(store: &Store, step: Step) -> Result<Vec<String>, StoreError> {
    let change = store.run(step, |rows, step| {
        Box::pin(async {
            let changed = migrate(rows.connection, *step, MIGRATIONS).await;
            changed.map_err(|failure| rows.failed(failure))
        })
    });
    change.await
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
