//! Changes of the schema. All that are pending are one transaction, so that of several processes that start
//! at once the first one makes them and the others find them made.

use async_trait::async_trait;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use saoma_domain::ports::StoreError;

use super::{Connection, repository::Repository};
use crate::{
    database::Schema,
    failure::Failure,
    migrating::{Step, unchanged},
};

fn migrations() -> EmbeddedMigrations {
    const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
    MIGRATIONS
}

#[async_trait]
impl Schema for Repository {
    async fn change(&self, step: Step) -> Result<Vec<String>, StoreError> {
        self.transaction(step, |connection, step| Box::pin(run(connection, *step))).await
    }
}

/// Runs a step on the thread where SQLite works.
async fn run(connection: &mut Connection, step: Step) -> Result<Vec<String>, Failure> {
    let outcome = connection.spawn_blocking(move |connection| Ok(step.run(connection, migrations))).await?;
    outcome.map_err(|error| unchanged(error).into())
}
