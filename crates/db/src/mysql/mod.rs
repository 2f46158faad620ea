//! MySQL 8 and MariaDB 10.11, and what came after them.

/// Locks the rows that a query is about to have removed, and passes over those that another transaction holds.
macro_rules! for_removal {
    ($query:expr) => {
        $query.for_update().skip_locked()
    };
}

/// Locks the row that a query reads until the transaction ends, and waits for another transaction that holds it.
macro_rules! for_update {
    ($query:expr) => {
        $query.for_update()
    };
}

mod connecting;
mod migrations;
#[cfg_attr(
    any(feature = "sqlite", feature = "postgres"),
    expect(clippy::duplicate_mod, reason = "it is written once and compiled for each backend")
)]
#[path = "../tables/mod.rs"]
mod tables;

use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::{AsyncConnection, AsyncMysqlConnection};

use crate::failure::Failure;
use migrations::change_schema;
pub use tables::Store as MysqlStore;
use tables::{Rule, SqlRows};

/// How many rows one statement removes: what names several may be made a scan, which waits for every lock on
/// its way.
const ROWS_A_DELETE: usize = 1;

type Connection = AsyncMysqlConnection;

/// Makes one attempt at a rule in a transaction, which is READ COMMITTED since the connection is.
async fn in_transaction<I: Sync, T: Send>(
    connection: &mut Connection,
    input: &I,
    rule: Rule<I, T>,
) -> Result<T, Failure> {
    connection.transaction(async |connection| SqlRows::attempt(connection, input, rule).await).await
}

/// Returns whether an error means that other transactions were in the way.
///
/// Diesel passes on the server's message but not its code; these are those of `ER_LOCK_DEADLOCK` and
/// `ER_CHECKREAD`, in the language that each connection asks for. A lock that was waited for is not among
/// them: that took a second already.
fn is_busy(error: &Error) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::Unknown, about) = error else { return false };
    let message = about.message();
    message.starts_with("Deadlock found") || message.starts_with("Record has changed since last read")
}

/// Returns whether an error means that the connection is of no use any more: it was cut, the server is going
/// down, or it has become a read-only replica.
fn is_lost(error: &Error) -> bool {
    /// How the driver's own errors begin, and the server's `ER_SERVER_SHUTDOWN`, `ER_CONNECTION_KILLED`,
    /// `ER_NORMAL_SHUTDOWN` and `ER_OPTION_PREVENTS_STATEMENT`.
    const LOST: [&str; 7] = [
        "Input/output error",
        "Driver error",
        "Server shutdown in progress",
        "Connection was killed",
        "The server is shutting down",
        "The MariaDB server is running with the --read-only option",
        "The MySQL server is running with the --",
    ];
    let Error::DatabaseError(kind, about) = error else {
        return matches!(error, Error::BrokenTransactionManager);
    };
    matches!(kind, DatabaseErrorKind::ReadOnlyTransaction)
        || LOST.iter().any(|beginning| about.message().starts_with(beginning))
}
