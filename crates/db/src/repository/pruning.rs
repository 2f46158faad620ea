//! Removing what is over, a few rows at a time.

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    ports::{Pruning, StoreError},
    time::Timestamp,
};

use super::{Connection, ROWS_A_DELETE, ROWS_A_STEP, Repository, unit::Task};
use crate::{
    failure::Failure,
    schema::{identities, logins, one_time_codes, sessions},
};

#[async_trait]
impl Pruning for Repository {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        let tables: [Task<Due, usize>; 4] = [
            |connection, due| Box::pin(prune_logins(connection, *due)),
            |connection, due| Box::pin(prune_identities(connection, *due)),
            |connection, due| Box::pin(prune_sessions(connection, *due)),
            |connection, due| Box::pin(prune_claims(connection, *due)),
        ];
        let mut removed = 0;
        for table in tables {
            removed += u64::from(self.prune_table(now, batch, table).await?);
        }
        Ok(removed)
    }
}

/// The rows that one step may remove.
#[derive(Clone, Copy)]
struct Due {
    before: i64,
    at_most: u32,
}

impl Repository {
    async fn prune_table(
        &self,
        now: Timestamp,
        batch: u32,
        step: Task<Due, usize>,
    ) -> Result<u32, StoreError> {
        let mut removed = 0;
        while removed < batch {
            let due = Due { before: now.as_millis(), at_most: ROWS_A_STEP.min(batch - removed) };
            let count = self.transaction(due, step).await?;
            let count = u32::try_from(count).unwrap_or(due.at_most);
            removed += count;
            if count < due.at_most {
                break;
            }
        }
        Ok(removed)
    }
}

// The rows are listed first, since not every backend limits a delete or lets it read its own table. Whether
// they are over is asked again when they are removed, since a session may have been used in between where
// listing does not lock.

/// Makes the function that removes what is over from a table with this key.
macro_rules! prune {
    ($function:ident: $table:ident by $key:ident as $type:ty) => {
        async fn $function(connection: &mut Connection, due: Due) -> Result<usize, Failure> {
            let is_over = $table::prune_at.le(due.before);
            let query = $table::table.filter(is_over).select($table::$key).limit(due.at_most.into());
            let keys: Vec<$type> = claim!(query).load(connection).await?;
            let mut removed = 0;
            for keys in keys.chunks(ROWS_A_DELETE) {
                let rows = $table::table.filter($table::$key.eq_any(keys)).filter(is_over);
                removed += diesel::delete(rows).execute(connection).await?;
            }
            Ok(removed)
        }
    };
}

prune!(prune_logins: logins by id as String);
prune!(prune_identities: identities by id as String);
prune!(prune_sessions: sessions by id as String);
prune!(prune_claims: one_time_codes by what as Vec<u8>);
