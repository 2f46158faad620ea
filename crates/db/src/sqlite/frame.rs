//! The statements around rules, and trying again while another process holds the file.

use std::thread;

use diesel::{
    Connection as _, QueryResult,
    query_builder::{AstPass, QueryFragment, QueryId},
};

use super::dialect::{Backend, Connection, is_busy};
use crate::backoff::pause;

/// Makes a statement of a text. It is a type of its own, so that Diesel keeps it prepared.
macro_rules! statement {
    ($(#[$about:meta])* $name:ident = $sql:literal) => {
        $(#[$about])*
        #[derive(Clone, Copy, QueryId)]
        pub(super) struct $name;

        impl QueryFragment<Backend> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    };
}

statement! {
    /// Takes the lock to write at once: a transaction that takes it later, after it has read, can be refused because
    /// of another writer in between, however long it would wait.
    Begin = "BEGIN IMMEDIATE"
}
statement! { Commit = "COMMIT" }
statement! { Rollback = "ROLLBACK" }
statement! { Savepoint = "SAVEPOINT one_rule" }
statement! {
    /// Undoes what happened since the savepoint, and leaves it where it is.
    RollbackToSavepoint = "ROLLBACK TO one_rule"
}
statement! { ReleaseSavepoint = "RELEASE one_rule" }

/// Runs such a statement.
pub(super) fn run<S>(connection: &mut Connection, statement: S) -> QueryResult<()>
where
    S: QueryFragment<Backend> + QueryId,
{
    connection.execute_returning_count(&statement).map(drop)
}

/// Does work again, as often as `retries` says, while another process holds the file. SQLite itself waits for a while
/// before it says so; the pauses between let another process have its turn.
pub(super) fn while_busy<T>(retries: u32, mut work: impl FnMut() -> QueryResult<T>) -> QueryResult<T> {
    for retried in 0..retries {
        match work() {
            Err(error) if is_busy(&error) => rest(retried),
            outcome => return outcome,
        }
    }
    work()
}

/// Lets the thread of a connection rest before the attempt after `attempt` (counted from 0).
#[expect(clippy::disallowed_methods, reason = "nothing tells when another process gives its lock back")]
pub(super) fn rest(attempt: u32) {
    thread::sleep(pause(attempt));
}
