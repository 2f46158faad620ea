//! Pruning: removing rows whose time is over, a few at a time.

use async_trait::async_trait;

use super::{
    rows::{PrunableTable, PruningRows, RowResult},
    transactions::Transactions,
};
use crate::{
    ports::{Pruning, StoreError},
    time::Timestamp,
};

/// How many rows one transaction removes at the most, so that others get their turn to write in between.
pub const ROWS_A_PRUNING_STEP: u32 = 200;

/// The rows that one transaction removes.
#[derive(Clone, Copy)]
struct PruningStep {
    table: PrunableTable,
    until: Timestamp,
    at_most: u32,
}

#[async_trait]
impl<X: Transactions> Pruning for X {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        let mut removed = 0;
        for table in PrunableTable::ALL {
            removed += u64::from(prune_table(self, table, now, batch).await?);
        }
        Ok(removed)
    }
}

/// Removes at most `batch` rows of a table.
async fn prune_table(
    store: &impl Transactions,
    table: PrunableTable,
    until: Timestamp,
    batch: u32,
) -> Result<u32, StoreError> {
    let step = |at_most| {
        let step = PruningStep { table, until, at_most };
        store.run(step, |rows, step| Box::pin(prune_step(rows, *step)))
    };
    in_steps(batch, step).await
}

/// Removes at most `batch` rows, in as many transactions as that takes. A step is told how many it may remove, and says how many
/// it did.
pub(super) async fn in_steps<F>(batch: u32, step: impl Fn(u32) -> F) -> Result<u32, StoreError>
where
    F: Future<Output = Result<u32, StoreError>>,
{
    let mut removed = 0;
    while removed < batch {
        let at_most = ROWS_A_PRUNING_STEP.min(batch - removed);
        let count = step(at_most).await?;
        removed += count;
        if count < at_most {
            break;
        }
    }
    Ok(removed)
}

async fn prune_step(rows: &mut impl PruningRows, step: PruningStep) -> RowResult<u32> {
    rows.remove_prunable(step.table, step.until, step.at_most).await
}
