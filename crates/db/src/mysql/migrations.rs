//! Changes of the schema. Nothing here can take back half a change, so each of their statements can be run
//! again, and a lock lets one node after the other make them.

use async_trait::async_trait;
use diesel::{RunQueryDsl, dsl::sql, sql_types::BigInt};
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
    const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/mysql");
    MIGRATIONS
}

#[async_trait]
impl Schema for Connector {
    async fn change(&self, step: Step) -> Result<Vec<String>, StoreError> {
        let connection = self.open().await.map_err(unchanged)?;
        on_a_thread(connection, move |connection| run(connection, step)).await
    }
}

/// The lock goes with the connection. Its name is one for the whole server, at most 64 characters long.
fn run(connection: &mut AsyncConnectionWrapper<Connection>, step: Step) -> Outcome {
    let lock = format!("CAST(GET_LOCK(CONCAT('saoma ', MD5(DATABASE())), {}) AS SIGNED)", TURN.as_secs());
    let is_ours: i64 = diesel::select(sql::<BigInt>(&lock)).get_result(connection)?;
    if is_ours != 1 {
        return Err("others have been changing it for too long".into());
    }
    step.run(connection, migrations)
}
