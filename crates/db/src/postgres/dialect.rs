//! What is PostgreSQL's own.

use diesel::{
    pg::Pg,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::AsyncPgConnection;
pub(super) use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

/// What OpenTelemetry calls it.
pub(super) const SYSTEM: &str = "postgresql";

pub(super) type Connection = AsyncPgConnection;
pub(super) type Backend = Pg;

/// How a transaction begins.
pub(super) const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE";

/// How a query ends that locks the row which it reads: as `for_update!` does.
pub(super) const HOLD: &str = "FOR NO KEY UPDATE";

/// What it is and in which version, and the milliseconds of its own clock.
pub(super) const FACTS: &str = "'PostgreSQL ' || current_setting('server_version'), (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// How bytes are written in a statement, with their hexadecimal digits in place of the braces; and none of them.
pub(super) const BYTES: &str = "decode('{}', 'hex')";
pub(super) const NO_BYTES: &str = "NULL::bytea";

/// How many rows one statement removes or seals.
pub(super) const ROWS_A_STATEMENT: usize = 200;

/// Returns whether an error means that other transactions were in the way.
///
/// Diesel passes on PostgreSQL's message but not its code, but for serialization failures; these are the
/// messages of `deadlock_detected` and `lock_not_available`. With a server that speaks another language they are
/// told to the caller instead.
pub(super) fn is_busy(error: &Error) -> bool {
    const BUSY: [&str; 2] = ["deadlock detected", "canceling statement due to lock timeout"];
    let Error::DatabaseError(kind, about) = error else { return false };
    matches!(kind, DatabaseErrorKind::SerializationFailure) || BUSY.contains(&about.message())
}

/// Returns whether an error means that the connection is of no use any more: it was cut, the server is going
/// down, or it has become a read-only replica.
pub(super) fn is_lost(error: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand};
    let Error::DatabaseError(kind, about) = error else {
        return matches!(error, Error::BrokenTransactionManager);
    };
    matches!(kind, ClosedConnection | ReadOnlyTransaction | UnableToSendCommand)
        || about.message().starts_with("terminating connection")
}
