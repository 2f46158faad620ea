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
mod dialect;
mod migrations;
#[path = "../tables/mod.rs"]
mod tables;
#[cfg(test)]
mod tests;

pub use tables::Store as SqliteStore;
