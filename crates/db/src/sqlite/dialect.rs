//! What is SQLite's own.

use std::future::{Ready, ready};

use diesel::{
    QueryResult, SqliteConnection,
    connection::SimpleConnection,
    query_dsl::methods::{ExecuteDsl, LoadQuery},
    result::{DatabaseErrorKind, Error},
    sqlite::Sqlite,
};

/// What OpenTelemetry calls it.
pub(super) const SYSTEM: &str = "sqlite";

pub(super) type Connection = SqliteConnection;
pub(super) type Backend = Sqlite;

/// Runs queries as `diesel_async::RunQueryDsl` does, but at once: the futures are there for the backends that wait.
pub(super) trait RunQueryDsl: Sized {
    /// Returns how many rows a statement changed.
    fn execute(self, connection: &mut Connection) -> Ready<QueryResult<usize>>
    where
        Self: ExecuteDsl<Connection>,
    {
        ready(ExecuteDsl::execute(self, connection))
    }

    /// Returns the first row.
    fn get_result<'query, U>(self, connection: &mut Connection) -> Ready<QueryResult<U>>
    where
        Self: LoadQuery<'query, Connection, U>,
    {
        ready(diesel::RunQueryDsl::get_result(self, connection))
    }

    /// Returns all rows.
    fn load<'query, U>(self, connection: &mut Connection) -> Ready<QueryResult<Vec<U>>>
    where
        Self: LoadQuery<'query, Connection, U>,
    {
        ready(diesel::RunQueryDsl::load(self, connection))
    }
}

impl<Q> RunQueryDsl for Q {}

/// Runs several statements as `diesel_async::SimpleAsyncConnection` does, but at once.
pub(super) trait SimpleAsyncConnection {
    fn batch_execute(&mut self, statements: &str) -> Ready<QueryResult<()>>;
}

impl SimpleAsyncConnection for Connection {
    fn batch_execute(&mut self, statements: &str) -> Ready<QueryResult<()>> {
        ready(SimpleConnection::batch_execute(self, statements))
    }
}

/// What it is and in which version, and the milliseconds of its own clock, which is this machine's.
pub(super) const FACTS: &str = "'SQLite ' || sqlite_version(), NULL";

/// How bytes are written in a statement, with their hexadecimal digits in place of the braces; and none of them.
pub(super) const BYTES: &str = "x'{}'";
pub(super) const NO_BYTES: &str = "NULL";

/// How many rows one statement removes or seals.
pub(super) const ROWS_A_STATEMENT: usize = 200;

/// Returns whether an error means that another connection held a lock for too long.
///
/// Diesel passes on SQLite's message but not its code; these are the messages of `SQLITE_BUSY` and
/// `SQLITE_LOCKED`.
pub(super) fn is_busy(error: &Error) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::Unknown, about) = error else { return false };
    matches!(about.message(), "database is locked" | "database table is locked")
}
