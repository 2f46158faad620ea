//! Rows of merges.

use saoma_domain::{
    account::AccountId,
    ports::MergeId,
    rules::rows::{MergeRow, MergeRows, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, unless_raced};

impl MergeRows for MemoryRows<'_> {
    async fn merge(&mut self, id: MergeId) -> RowResult<Option<MergeRow>> {
        Ok(self.tables().merges.get(&id).cloned())
    }

    async fn insert_merge(&mut self, row: &MergeRow) -> RowResult<()> {
        unless_raced(self.tables().merges.insert(row.id, row.clone()))
    }

    async fn end_merge(&mut self, id: MergeId, undone_at: Timestamp) -> RowResult<()> {
        self.tables().merges.update(&id, |_| true, |row| row.undone_at = Some(undone_at));
        Ok(())
    }

    async fn merges_into(&mut self, into: AccountId) -> RowResult<Vec<MergeRow>> {
        Ok(self.tables().merges.rows().filter(|row| row.into == into).cloned().collect())
    }

    async fn merges_from(&mut self, from: AccountId) -> RowResult<Vec<MergeRow>> {
        Ok(self.tables().merges.rows().filter(|row| row.from == from).cloned().collect())
    }

    async fn delete_merge(&mut self, id: MergeId) -> RowResult<()> {
        self.tables().merges.remove(&id);
        Ok(())
    }
}
