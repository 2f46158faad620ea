//! PostgreSQL.

/// Locks the rows that a query is about to have removed, and passes over those that another transaction holds.
macro_rules! for_removal {
    ($query:expr) => {
        $query.for_update().skip_locked()
    };
}

/// Locks the row that a query reads until the transaction ends, and waits for another transaction that holds it.
/// What only refers to the row is not disturbed.
macro_rules! for_update {
    ($query:expr) => {
        $query.for_no_key_update()
    };
}

mod connecting;
mod migrations;
#[cfg_attr(
    any(feature = "sqlite", feature = "mysql"),
    expect(clippy::duplicate_mod, reason = "it is written once and compiled for each backend")
)]
#[path = "../tables/mod.rs"]
mod tables;

use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::AsyncPgConnection;

use crate::failure::Failure;
use migrations::change_schema;
pub use tables::Store as PostgresStore;
use tables::{Rule, SqlRows};

/// How many rows one statement removes.
const ROWS_A_DELETE: usize = 200;

type Connection = AsyncPgConnection;

/// Makes one attempt at a rule in a transaction.
async fn in_transaction<I: Sync, T: Send>(
    connection: &mut Connection,
    input: &I,
    rule: Rule<I, T>,
) -> Result<T, Failure> {
    let mut transaction = connection.build_transaction().read_committed().read_write();
    transaction.run(async |connection| SqlRows::attempt(connection, input, rule).await).await
}

/// Returns whether an error means that other transactions were in the way.
///
/// Diesel passes on PostgreSQL's message but not its code, but for serialization failures; these are the
/// messages of `deadlock_detected` and `lock_not_available`. With a server that speaks another language they are
/// told to the caller instead.
fn is_busy(error: &Error) -> bool {
    const BUSY: [&str; 2] = ["deadlock detected", "canceling statement due to lock timeout"];
    let Error::DatabaseError(kind, about) = error else { return false };
    matches!(kind, DatabaseErrorKind::SerializationFailure) || BUSY.contains(&about.message())
}

/// Returns whether an error means that the connection is of no use any more: it was cut, the server is going
/// down, or it has become a read-only replica.
fn is_lost(error: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand};
    let Error::DatabaseError(kind, about) = error else {
        return matches!(error, Error::BrokenTransactionManager);
    };
    matches!(kind, ClosedConnection | ReadOnlyTransaction | UnableToSendCommand)
        || about.message().starts_with("terminating connection")
}
