//! Changes of the schema. All that are pending are one transaction, so that of several processes that start
//! at once the first one makes them and the others find them made.

use async_trait::async_trait;
use diesel::{SqliteConnection, migration::MigrationSource, sqlite::Sqlite};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use saoma_domain::ports::StoreError;

use super::{Connection, repository::Repository};
use crate::{database::Backend, failure::Failure};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

#[async_trait]
impl Backend for Repository {
    async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.transaction((), |connection, ()| Box::pin(with(connection, up))).await
    }

    async fn migrations_pending(&self) -> Result<Vec<String>, StoreError> {
        self.transaction((), |connection, ()| Box::pin(with(connection, pending))).await
    }

    async fn revert(&self) -> Result<Vec<String>, StoreError> {
        self.transaction((), |connection, ()| Box::pin(with(connection, down))).await
    }
}

type Outcome = Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>>;

/// Runs one of the steps below on the thread where SQLite works.
async fn with(
    connection: &mut Connection,
    step: fn(&mut SqliteConnection) -> Outcome,
) -> Result<Vec<String>, Failure> {
    let outcome = connection.spawn_blocking(move |connection| Ok(step(connection))).await?;
    outcome.map_err(|error| StoreError::Unavailable(format!("the schema cannot be changed: {error}")).into())
}

fn pending(connection: &mut SqliteConnection) -> Outcome {
    let pending = connection.pending_migrations(MIGRATIONS)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

fn up(connection: &mut SqliteConnection) -> Outcome {
    let made = pending(connection)?;
    connection.run_pending_migrations(MIGRATIONS)?;
    Ok(made)
}

fn down(connection: &mut SqliteConnection) -> Outcome {
    let versions = connection.revert_all_migrations(MIGRATIONS)?;
    let known = MigrationSource::<Sqlite>::migrations(&MIGRATIONS)?;
    let mut names = Vec::new();
    for version in versions {
        let of_version = known.iter().find(|migration| migration.name().version() == version);
        names.extend(of_version.map(|migration| migration.name().to_string()));
    }
    Ok(names)
}
