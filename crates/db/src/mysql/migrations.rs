//! Changes of the schema. Nothing here can take back half a change, so each of their statements can be run
//! again, and a lock lets one node after the other make them.

use async_trait::async_trait;
use diesel::{dsl::sql, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection, pooled_connection::deadpool::Object};
use saoma_domain::ports::StoreError;

use super::{connecting::NO_LIMITS, dialect::Connection, store::Store, tables::migrate};
use crate::{
    failure::Failure,
    migrations::{Migration, Migrations, Step, TURN, migrations},
};

const MIGRATIONS: &[Migration] = migrations!("mysql");

#[async_trait]
impl Migrations for Store {
    async fn change_schema(&self, step: Step) -> Result<Vec<String>, StoreError> {
        let store = self.clone();
        let change = async move {
            // The connection is not given back, since its limits are changed.
            in_turn(&mut Object::take(store.connection().await?), step).await
        };
        self.to_the_end(change).await
    }
}

async fn in_turn(connection: &mut Connection, step: Step) -> Result<Vec<String>, Failure> {
    connection.batch_execute(NO_LIMITS).await?;
    // The lock's name is one for the whole server, at most 64 characters long.
    let lock = format!("CAST(GET_LOCK(CONCAT('saoma ', MD5(DATABASE())), {}) AS SIGNED)", TURN.as_secs());
    let is_ours: i64 = diesel::select(sql::<BigInt>(&lock)).get_result(connection).await?;
    if is_ours != 1 {
        return Err(Failure::Unavailable(
            "other nodes have been changing the schema for too long".to_owned(),
        ));
    }
    migrate(connection, step, MIGRATIONS).await
}
