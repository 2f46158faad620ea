//! Rows of the audit trail.

use crate::{
    account::AccountId,
    ports::{AuditEntry, AuditKind},
    time::Timestamp,
};

use super::{EventRows, RowResult};

/// Operations on rows of the audit trail. A rule that writes what happened also tells those who hear it.
pub trait AuditRows: EventRows + Send {
    /// Writes an entry.
    fn insert_audit(&mut self, entry: &AuditEntry) -> impl Future<Output = RowResult<()>> + Send;

    /// Returns whether an account's trail has an entry of one of these kinds from a moment on.
    fn has_audit_since(
        &mut self,
        account: AccountId,
        kinds: &[AuditKind],
        since: Timestamp,
    ) -> impl Future<Output = RowResult<bool>> + Send;

    /// Lists an account's entries by their time, those of one moment as they were written; at most `limit`.
    fn audit_of_account(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> impl Future<Output = RowResult<Vec<AuditEntry>>> + Send;
}
