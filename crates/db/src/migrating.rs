//! Changes of the schema, on any connection that can make them.

use diesel::{
    backend::Backend,
    migration::{Migration, MigrationSource},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use saoma_domain::ports::StoreError;

/// The names of changes, or what the database or the changes' own text had against them.
pub(crate) type Outcome = Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>>;

/// Something to do with the changes of the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Names what is missing.
    Pending,
    /// Makes what is missing.
    Up,
    /// Takes back all that was made.
    Down,
}

impl Step {
    /// Does it, and returns the names of the changes in their order.
    pub(crate) fn run<B: Backend, H: MigrationHarness<B>>(
        self,
        harness: &mut H,
        migrations: fn() -> EmbeddedMigrations,
    ) -> Outcome {
        match self {
            Self::Pending => pending(harness, migrations),
            Self::Up => {
                let made = pending(harness, migrations)?;
                harness.run_pending_migrations(migrations())?;
                Ok(made)
            }
            Self::Down => down(harness, migrations),
        }
    }
}

fn pending<B: Backend>(
    harness: &mut impl MigrationHarness<B>,
    migrations: fn() -> EmbeddedMigrations,
) -> Outcome {
    let pending = harness.pending_migrations(migrations())?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

fn down<B: Backend>(
    harness: &mut impl MigrationHarness<B>,
    migrations: fn() -> EmbeddedMigrations,
) -> Outcome {
    let versions = harness.revert_all_migrations(migrations())?;
    let known: Vec<Box<dyn Migration<B>>> = migrations().migrations()?;
    let mut names = Vec::new();
    for version in versions {
        let of_version = known.iter().find(|migration| migration.name().version() == version);
        names.extend(of_version.map(|migration| migration.name().to_string()));
    }
    Ok(names)
}

/// Makes a port's error of what went wrong.
pub(crate) fn unchanged(why: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("the schema cannot be changed: {why}"))
}
