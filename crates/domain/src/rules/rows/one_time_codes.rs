//! Rows of one-time codes that were redeemed.

use crate::{ports::CodeHash, time::Timestamp};

use super::RowResult;

/// The row of a redeemed code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneTimeCodeRow {
    /// The code.
    pub code: CodeHash,
    /// Who redeemed it.
    pub redeemed_by: CodeHash,
    /// From when on the row may be removed.
    pub prune_at: Timestamp,
}

/// Operations on rows of one-time codes.
pub trait OneTimeCodeRows: Send {
    /// Reads who redeemed a code.
    fn one_time_code(
        &mut self,
        code: CodeHash,
    ) -> impl Future<Output = RowResult<Option<OneTimeCodeRow>>> + Send;

    /// Writes who redeems a code; [`Rejected::Raced`](super::Rejected::Raced) where the code has a row.
    fn insert_one_time_code(&mut self, row: &OneTimeCodeRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes until when a redeemed code is kept.
    fn keep_one_time_code(
        &mut self,
        code: CodeHash,
        prune_at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;
}
