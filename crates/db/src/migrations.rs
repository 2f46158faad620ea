//! Changes of the schema: which there are, and what can be done with them.

use async_trait::async_trait;
use saoma_domain::ports::StoreError;

/// One change, with the statements that make it and those that take it back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
}

/// Lists the changes of a backend, the oldest first: a folder `migrations/<backend>/<name>/` each.
macro_rules! migrations {
    ($backend:literal) => {
        $crate::migrations::migrations!($backend: "2026-11-21-000000_initial_schema")
    };
    ($backend:literal: $($name:literal),+) => {
        &[$($crate::migrations::Migration {
            name: $name,
            up: $crate::migrations::file!($backend, $name, "up.sql"),
            down: $crate::migrations::file!($backend, $name, "down.sql"),
        }),+]
    };
}
pub(crate) use migrations;

macro_rules! file {
    ($backend:literal, $name:literal, $file:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../migrations/",
            $backend,
            "/",
            $name,
            "/",
            $file
        ))
    };
}
pub(crate) use file;

/// Something to do with the changes of the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Name what is missing.
    Pending,
    /// Make what is missing.
    Up,
    /// Take back all that was made.
    Down,
}

/// Changes the schema of a database.
///
/// Any number of nodes may do so at once; each waits for its turn, a minute at the most.
#[async_trait]
pub trait Migrations: Send + Sync {
    /// Brings the schema up to what this build knows, and returns the names of the changes that were made.
    ///
    /// # Errors
    /// [`StoreError`] when a change failed. Then none of them was made, but for MySQL and MariaDB, which know
    /// no transactions around such changes: there the next call goes on where this one stopped.
    async fn migrate(&self) -> Result<Vec<String>, StoreError>;

    /// Returns the names of the changes that [`Migrations::migrate`] would make, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database did not say.
    async fn migrations_pending(&self) -> Result<Vec<String>, StoreError>;

    /// Takes every change of the schema back, **with all that the tables hold**, and returns the names of the
    /// changes, the youngest first. For tests, and for trying a new change's way back.
    ///
    /// # Errors
    /// [`StoreError`] when a change could not be taken back; then none of them was, with the exception that
    /// [`Migrations::migrate`] names.
    async fn revert_migrations(&self) -> Result<Vec<String>, StoreError>;
}
