//! Rows of one-time codes.

use saoma_domain::{
    ports::CodeHash,
    rules::rows::{OneTimeCodeRow, OneTimeCodeRows, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, unless_raced};

impl OneTimeCodeRows for MemoryRows<'_> {
    async fn one_time_code(&mut self, code: CodeHash) -> RowResult<Option<OneTimeCodeRow>> {
        Ok(self.tables().one_time_codes.get(&code).copied())
    }

    async fn insert_one_time_code(&mut self, row: &OneTimeCodeRow) -> RowResult<()> {
        unless_raced(self.tables().one_time_codes.insert(row.code, *row))
    }

    async fn keep_one_time_code(&mut self, code: CodeHash, prune_at: Timestamp) -> RowResult<()> {
        self.tables().one_time_codes.update(&code, |_| true, |row| row.prune_at = prune_at);
        Ok(())
    }
}
