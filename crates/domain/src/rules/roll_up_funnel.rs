//! Rolling up the funnel: what a node has counted is added to the hour and to the day.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    rows::{FunnelRow, FunnelRows, RowResult},
    transactions::Transactions,
};
use crate::{
    ports::{Funnel, FunnelCount, FunnelPeriod, StoreError},
    time::Timestamp,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[async_trait]
impl<X: Transactions> Funnel for X {
    async fn add_counts(&self, counts: Vec<FunnelCount>) -> Result<(), StoreError> {
        self.run(counts, |rows, counts| Box::pin(add_counts(rows, counts))).await
    }

    async fn counts(
        &self,
        period: FunnelPeriod,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<FunnelCount>, StoreError> {
        let wanted = (period, from, to);
        let found = self.read(wanted, |rows, (period, from, to)| Box::pin(rows.funnel(*period, *from, *to)));
        let mut counts = found.await?;
        counts.sort();
        Ok(counts)
    }
}

async fn add_counts(rows: &mut impl FunnelRows, counts: &[FunnelCount]) -> RowResult<()> {
    for count in counts {
        for (period, kept_for) in [(FunnelPeriod::Hour, DAY * 35), (FunnelPeriod::Day, DAY * 400)] {
            let begins_at = count.begins_at.as_secs().div_euclid(period.secs()).saturating_mul(period.secs());
            let begins_at = Timestamp::from_secs(begins_at);
            let count = FunnelCount { begins_at, ..count.clone() };
            rows.add_to_funnel(&FunnelRow { period, count, prune_at: begins_at.plus(kept_for) }).await?;
        }
    }
    Ok(())
}
