//! Changes of the schema. All that are pending are one transaction, which begins with a lock, so that of
//! several nodes that start at once the first one makes them and the others find them made.

use async_trait::async_trait;
use diesel::connection::{Connection as _, SimpleConnection};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use saoma_domain::ports::StoreError;

use super::{Connection, connecting::Connector};
use crate::{
    database::Schema,
    migrating::{Outcome, Step, unchanged},
    server::{TURN, on_a_thread},
};

fn migrations() -> EmbeddedMigrations {
    const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
    MIGRATIONS
}

/// `SAOM` as a number: what others lock in the same database is hardly called that. Two services in schemas of
/// their own do not wait for each other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(1396789069, hashtext(current_schema()))";

#[async_trait]
impl Schema for Connector {
    async fn change(&self, step: Step) -> Result<Vec<String>, StoreError> {
        let connection = self.open().await.map_err(unchanged)?;
        on_a_thread(connection, move |connection| run(connection, step)).await
    }
}

fn run(connection: &mut AsyncConnectionWrapper<Connection>, step: Step) -> Outcome {
    connection.transaction(|connection| {
        connection.batch_execute(&format!("SET LOCAL lock_timeout = '{}s'; {LOCK}", TURN.as_secs()))?;
        step.run(connection, migrations)
    })
}
