//! Rows of the funnel.

use crate::{
    ports::{FunnelCount, FunnelPeriod},
    time::Timestamp,
};

use super::RowResult;

/// The count of a step within a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelRow {
    /// The length of the period.
    pub period: FunnelPeriod,
    /// The count.
    pub count: FunnelCount,
    /// From when on the row may be removed.
    pub prune_at: Timestamp,
}

impl FunnelRow {
    /// Returns all that the row is counted by, as one text.
    pub fn key(&self) -> String {
        let FunnelCount { begins_at, channel, app, purpose, step, .. } = &self.count;
        let (period, begins_at, step) = (self.period.as_str(), begins_at.as_secs(), step.as_str());
        format!("{period}:{begins_at}:{channel}:{app}:{purpose}:{step}")
    }
}

/// Operations on rows of the funnel.
pub trait FunnelRows: Send {
    /// Adds to the count of a row, or writes it as a new one.
    fn add_to_funnel(&mut self, row: &FunnelRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Reads the rows whose period begins at `from` or later and before `to`, in any order.
    fn funnel(
        &mut self,
        period: FunnelPeriod,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Future<Output = RowResult<Vec<FunnelCount>>> + Send;
}
