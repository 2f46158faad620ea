//! SQLite, bundled: the embedded default.
//!
//! One transaction writes at a time and any number read beside it (WAL). So one thread writes and two read, each with
//! a connection of its own, and each runs a whole rule without handing it to another thread. A database in memory has
//! one connection, and one thread does both.
//!
//! | module | holds |
//! | --- | --- |
//! | `store` | the store: hands a rule to a thread, and waits for the answer |
//! | `job` | a rule with its input, and who waits for it |
//! | `queue` | the jobs that wait for a thread |
//! | `threads` | the threads of the connections |
//! | `group` | group commit: all rules that wait to write are one transaction, with one wait for the disk |
//! | `frame` | the statements around rules: `BEGIN IMMEDIATE`, `SAVEPOINT`, … |
//! | `transaction` | the transaction of a rule, as its row operations see it |
//! | `limit` | queries that return so many rows at the most |
//! | `connecting` | what is set on each connection, why one cannot be opened |
//! | `location` | what a URL means, and who may read the file |

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

/// Lets a query return so many rows at the most.
macro_rules! at_most {
    ($query:expr, $rows:expr) => {
        $crate::sqlite::limit::Limited::new($query, $rows)
    };
}

mod connecting;
mod dialect;
mod frame;
mod group;
mod job;
mod limit;
mod location;
mod migrations;
mod queue;
mod store;
#[path = "../tables/mod.rs"]
mod tables;
#[cfg(test)]
mod tests;
mod threads;
mod transaction;

pub(crate) use location::readable_by_others;
pub use store::Store as SqliteStore;
