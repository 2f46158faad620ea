//! MySQL 8 and MariaDB 10.11, and what came after them.

/// Lets a query return so many rows at the most.
macro_rules! at_most {
    ($query:expr, $rows:expr) => {
        $query.limit($rows)
    };
}

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
mod dialect;
#[cfg_attr(
    feature = "postgres",
    expect(clippy::duplicate_mod, reason = "it is written once and compiled for each backend with a server")
)]
#[path = "../server/journal_batch.rs"]
mod journal_batch;
mod login_with_entry;
mod migrations;
#[cfg_attr(
    feature = "postgres",
    expect(clippy::duplicate_mod, reason = "it is written once and compiled for each backend with a server")
)]
#[path = "../server/store.rs"]
mod store;
#[cfg_attr(
    any(feature = "sqlite", feature = "postgres"),
    expect(clippy::duplicate_mod, reason = "it is written once and compiled for each backend")
)]
#[path = "../tables/mod.rs"]
mod tables;
#[cfg_attr(
    feature = "postgres",
    expect(clippy::duplicate_mod, reason = "it is written once and compiled for each backend with a server")
)]
#[path = "../server/transaction.rs"]
mod transaction;

pub use store::Store as MysqlStore;
