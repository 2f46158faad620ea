//! Changes of the schema, and the table that says which were made.

use diesel::prelude::{ExpressionMethods, QueryDsl};

use super::super::dialect::{Connection, RunQueryDsl, SimpleAsyncConnection};
use crate::{
    failure::Failure,
    migrations::{Migration, Step},
    schema::migrations,
};

/// Diesel's own table of this kind may be the embedder's.
const BOOKKEEPING: &str = "CREATE TABLE IF NOT EXISTS saoma_migrations (
    name VARCHAR(100) PRIMARY KEY NOT NULL,
    made_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)";

/// Does a step on a connection whose turn it is, and returns the names of the changes in the order of the step.
pub(in super::super) async fn migrate(
    connection: &mut Connection,
    step: Step,
    all: &[Migration],
) -> Result<Vec<String>, Failure> {
    connection.batch_execute(BOOKKEEPING).await?;
    let made: Vec<String> = migrations::table.select(migrations::name).load(connection).await?;
    let is_made = |migration: &&Migration| made.iter().any(|name| name == migration.name);
    let pending = all.iter().filter(|migration| !is_made(migration));
    match step {
        Step::Pending => Ok(names(pending)),
        Step::Up => {
            for migration in pending.clone() {
                make(connection, migration).await?;
            }
            Ok(names(pending))
        }
        Step::Down => {
            if let Some(unknown) = made.iter().find(|name| !all.iter().any(|known| known.name == **name)) {
                let cause =
                    format!("a newer version made the change {unknown}, and only that can take it back");
                return Err(Failure::Unavailable(cause));
            }
            let down = all.iter().rev().filter(is_made);
            for migration in down.clone() {
                take_back(connection, migration).await?;
            }
            Ok(names(down))
        }
    }
}

async fn make(connection: &mut Connection, migration: &Migration) -> Result<(), Failure> {
    connection.batch_execute(migration.up).await?;
    let row = migrations::name.eq(migration.name);
    diesel::insert_into(migrations::table).values(row).execute(connection).await?;
    Ok(())
}

async fn take_back(connection: &mut Connection, migration: &Migration) -> Result<(), Failure> {
    connection.batch_execute(migration.down).await?;
    diesel::delete(migrations::table.find(migration.name)).execute(connection).await?;
    Ok(())
}

fn names<'a>(migrations: impl Iterator<Item = &'a Migration>) -> Vec<String> {
    migrations.map(|migration| migration.name.to_owned()).collect()
}
