//! Changes of the schema. All that are pending are one transaction, so that of several processes that start at once
//! the first one makes them and the others find them made.

use async_trait::async_trait;
use saoma_domain::{ports::StoreError, rules::Transactions};

use super::{store::Store, tables::migrate};
use crate::migrations::{Migration, Migrations, Step, migrations};

const MIGRATIONS: &[Migration] = migrations!("sqlite");

#[async_trait]
impl Migrations for Store {
    async fn change_schema(&self, step: Step) -> Result<Vec<String>, StoreError> {
        let change = self.run(step, |rows, step| {
            Box::pin(async {
                let changed = migrate(rows.connection, *step, MIGRATIONS).await;
                changed.map_err(|failure| rows.failed(failure))
            })
        });
        change.await
    }
}
