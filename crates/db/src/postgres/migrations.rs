//! Changes of the schema. All that are pending are one transaction, which begins with a lock, so that of several
//! nodes that start at once the first one makes them and the others find them made.

use async_trait::async_trait;
use diesel_async::{SimpleAsyncConnection, pooled_connection::deadpool::Object};
use saoma_domain::ports::StoreError;

use super::{dialect::Connection, store::Store, tables::migrate};
use crate::{
    failure::Failure,
    migrations::{Migration, Migrations, Step, TURN, migrations},
};

const MIGRATIONS: &[Migration] = migrations!("postgres");

/// `SAOM` as a number, which others hardly lock in the same database. Two services in schemas of their own do not
/// wait for each other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(1396789069, hashtext(current_schema()))";

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
    let limits = format!(
        "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '{}s'",
        TURN.as_secs()
    );
    connection.batch_execute(&limits).await?;
    let mut transaction = connection.build_transaction();
    let change = transaction.run(async |connection| {
        connection.batch_execute(LOCK).await?;
        migrate(connection, step, MIGRATIONS).await
    });
    change.await
}
