//! Rows of the funnel.

use saoma_domain::{
    ports::{FunnelCount, FunnelPeriod},
    rules::rows::{FunnelRow, FunnelRows, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, unless_raced};

impl FunnelRows for MemoryRows<'_> {
    async fn add_to_funnel(&mut self, row: &FunnelRow) -> RowResult<()> {
        let (key, funnel) = (row.key(), &mut self.tables().funnel);
        let add =
            |known: &mut FunnelRow| known.count.count = known.count.count.saturating_add(row.count.count);
        unless_raced(funnel.update(&key, |_| true, add) || funnel.insert(key, row.clone()))
    }

    async fn funnel(
        &mut self,
        period: FunnelPeriod,
        from: Timestamp,
        to: Timestamp,
    ) -> RowResult<Vec<FunnelCount>> {
        let is_wanted = |row: &&FunnelRow| {
            row.period == period && row.count.begins_at >= from && row.count.begins_at < to
        };
        Ok(self.tables().funnel.rows().filter(is_wanted).map(|row| row.count.clone()).collect())
    }
}
