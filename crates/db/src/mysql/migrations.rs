//! Changes of the schema. Nothing here can take back half a change, so each of their statements can be run
//! again, and a lock lets one node after the other make them.

use diesel::{dsl::sql, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection, pooled_connection::deadpool::Object};
use saoma_domain::ports::StoreError;

use super::{
    Connection,
    connecting::NO_LIMITS,
    tables::{Store, migrate},
};
use crate::{
    failure::Failure,
    migrations::{Migration, Step, migrations},
    server::TURN,
};

const MIGRATIONS: &[Migration] = migrations!("mysql");

/// Does a step on a connection of its own, without the limits of time that rules have. The lock goes with the
/// connection.
pub(super) async fn change_schema(store: &Store, step: Step) -> Result<Vec<String>, StoreError> {
    let pool = store.clone();
    store.to_the_end(async move { in_turn(&mut Object::take(pool.connection().await?), step).await }).await
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
