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
    schema::{identities, logins, sessions},
};

#[async_trait]
impl Pruning for Repository {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        let tables: [Task<Due, usize>; 3] = [
            |connection, due| Box::pin(prune_logins(connection, *due)),
            |connection, due| Box::pin(prune_identities(connection, *due)),
            |connection, due| Box::pin(prune_sessions(connection, *due)),
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

async fn prune_logins(connection: &mut Connection, due: Due) -> Result<usize, Failure> {
    let is_over = logins::prune_at.le(due.before);
    let query = claim!(logins::table.filter(is_over).select(logins::id).limit(due.at_most.into()));
    let ids: Vec<String> = query.load(connection).await?;
    let mut removed = 0;
    for ids in ids.chunks(ROWS_A_DELETE) {
        let rows = logins::table.filter(logins::id.eq_any(ids)).filter(is_over);
        removed += diesel::delete(rows).execute(connection).await?;
    }
    Ok(removed)
}

async fn prune_identities(connection: &mut Connection, due: Due) -> Result<usize, Failure> {
    let is_over = identities::prune_at.le(due.before);
    let query = claim!(identities::table.filter(is_over).select(identities::id).limit(due.at_most.into()));
    let ids: Vec<String> = query.load(connection).await?;
    let mut removed = 0;
    for ids in ids.chunks(ROWS_A_DELETE) {
        let rows = identities::table.filter(identities::id.eq_any(ids)).filter(is_over);
        removed += diesel::delete(rows).execute(connection).await?;
    }
    Ok(removed)
}

async fn prune_sessions(connection: &mut Connection, due: Due) -> Result<usize, Failure> {
    let is_over = sessions::prune_at.le(due.before);
    let query = claim!(sessions::table.filter(is_over).select(sessions::id).limit(due.at_most.into()));
    let ids: Vec<String> = query.load(connection).await?;
    let mut removed = 0;
    for ids in ids.chunks(ROWS_A_DELETE) {
        let rows = sessions::table.filter(sessions::id.eq_any(ids)).filter(is_over);
        removed += diesel::delete(rows).execute(connection).await?;
    }
    Ok(removed)
}
