//! Rows of the audit trail.

use saoma_domain::{
    account::AccountId,
    ports::{AuditEntry, AuditKind},
    rules::rows::{AuditRows, RowResult},
    time::Timestamp,
};

use super::MemoryRows;

impl AuditRows for MemoryRows<'_> {
    async fn insert_audit(&mut self, entry: &AuditEntry) -> RowResult<()> {
        let audit = &mut self.tables().audit;
        audit.insert(audit.len(), entry.clone());
        Ok(())
    }

    async fn has_audit_since(
        &mut self,
        account: AccountId,
        kinds: &[AuditKind],
        since: Timestamp,
    ) -> RowResult<bool> {
        let mut entries = self.tables().audit.rows().filter(|entry| entry.account == account);
        Ok(entries.any(|entry| entry.at >= since && kinds.contains(&entry.kind)))
    }

    async fn audit_of_account(&mut self, account: AccountId, limit: u32) -> RowResult<Vec<AuditEntry>> {
        let entries = self.tables().audit.rows().filter(|entry| entry.account == account);
        let mut entries: Vec<_> = entries.cloned().collect();
        entries.sort_by_key(|entry| entry.at);
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(entries)
    }
}
