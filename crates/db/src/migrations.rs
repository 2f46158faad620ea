//! Changes of the schema: which there are, and what can be done with them.

#[cfg(feature = "_server")]
use std::time::Duration;

use async_trait::async_trait;
use saoma_domain::ports::StoreError;

/// One change, with the statements that make it and those that take it back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
/// Lists the changes of a backend, the oldest first: a folder `migrations/<backend>/<name>/` each.
macro_rules! migrations {
    ($backend:literal) => {
        $crate::migrations::migrations!($backend: "2026-11-21-000000_initial_schema", "2026-11-29-000030_merges",
            "2026-11-29-000040_events",
            "2026-11-29-000041_journal",
            "2026-11-29-000042_audit_chain",
            "2026-11-29-000043_funnel",
            "2026-11-29-000050_confirm_on_the_phone",
            "2026-11-29-000051_session_amr",
            "2026-11-29-000060_consents",
            "2026-11-29-000070_signing_keys",
            "2026-11-29-000080_grants",
            "2026-11-29-000105_app_profiles",
            "2026-11-30-000310_journal_in_time_order")
    };
    ($backend:literal: $($name:literal),+) => {
        &[$($crate::migrations::Migration {
            name: $name,
            up: $crate::migrations::file!($backend, $name, "up.sql"),
            down: $crate::migrations::file!($backend, $name, "down.sql"),
        }),+]
    };
}
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(crate) use migrations;

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! file {
    ($backend:literal, $name:literal, $file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $backend, "/", $name, "/", $file))
    };
}
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(crate) use file;

/// Returns the name of the last change that this build knows.
pub fn latest_migration() -> &'static str {
    // The names are the same for each backend.
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    const KNOWN: &[Migration] = migrations!("sqlite");
    #[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
    const KNOWN: &[Migration] = &[];
    KNOWN.last().map_or("", |migration| migration.name)
}

/// How long a node waits for its turn to change the schema.
#[cfg(feature = "_server")]
pub(crate) const TURN: Duration = Duration::from_secs(60);

/// What can be done with the changes of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Name what is missing.
    Pending,
    /// Make what is missing.
    Up,
    /// Take back all that was made, **with all that the tables hold**.
    Down,
}

/// Changes the schema of a database.
///
/// Any number of nodes may do so at once; each waits for its turn, a minute at the most.
#[async_trait]
pub trait Migrations: Send + Sync {
    /// Does a step, and returns the names of the changes in the order of the step.
    ///
    /// # Errors
    /// [`StoreError`] when a change failed. Then none of them was made or taken back, but for MySQL and MariaDB,
    /// which know no transactions around such changes: there the next call goes on where this one stopped.
    async fn change_schema(&self, step: Step) -> Result<Vec<String>, StoreError>;

    /// Brings the schema up to what this build knows, and returns the names of the changes that were made.
    ///
    /// # Errors
    /// As [`Migrations::change_schema`].
    async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.change_schema(Step::Up).await
    }

    /// Returns the names of the changes that [`Migrations::migrate`] would make, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database did not say.
    async fn migrations_pending(&self) -> Result<Vec<String>, StoreError> {
        self.change_schema(Step::Pending).await
    }

    /// Takes every change of the schema back, **with all that the tables hold**, and returns the names of the
    /// changes, the youngest first. For tests, and for trying a new change's way back.
    ///
    /// # Errors
    /// As [`Migrations::change_schema`].
    async fn revert_migrations(&self) -> Result<Vec<String>, StoreError> {
        self.change_schema(Step::Down).await
    }
}
