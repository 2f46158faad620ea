//! What is MySQL's and MariaDB's own.

use diesel::{
    mysql::Mysql,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::AsyncMysqlConnection;
pub(super) use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

/// What OpenTelemetry calls it.
pub(super) const SYSTEM: &str = "mysql";

pub(super) type Connection = AsyncMysqlConnection;
pub(super) type Backend = Mysql;

/// How a transaction begins, which is READ COMMITTED since the connection is.
pub(super) const BEGIN: &str = "BEGIN";

/// How a query ends that locks the row which it reads: as `for_update!` does.
pub(super) const HOLD: &str = "FOR UPDATE";

/// What it is and in which version, and the milliseconds of its own clock.
pub(super) const FACTS: &str = "CONCAT(IF(VERSION() LIKE '%MariaDB%', 'MariaDB ', 'MySQL '), VERSION()), CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)";

/// How bytes are written in a statement, with their hexadecimal digits in place of the braces; and none of them.
pub(super) const BYTES: &str = "x'{}'";
pub(super) const NO_BYTES: &str = "NULL";

/// How many rows one statement removes or seals: what names several may be made a scan, which waits for every lock on
/// its way.
pub(super) const ROWS_A_STATEMENT: usize = 1;

/// Returns whether an error means that other transactions were in the way.
///
/// Diesel passes on the server's message but not its code; these are those of `ER_LOCK_DEADLOCK` and
/// `ER_CHECKREAD`, in the language that each connection asks for. A lock that was waited for is not among
/// them: that took a second already.
pub(super) fn is_busy(error: &Error) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::Unknown, about) = error else { return false };
    let message = about.message();
    message.starts_with("Deadlock found") || message.starts_with("Record has changed since last read")
}

/// Returns whether an error means that the connection is of no use any more: it was cut, the server is going
/// down, or it has become a read-only replica.
pub(super) fn is_lost(error: &Error) -> bool {
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
