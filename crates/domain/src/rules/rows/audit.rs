//! Rows of the audit trail.

use crate::{
    account::AccountId,
    actor::Actor,
    login::LoginId,
    ports::{AuditChain, AuditEntry, AuditFilter, AuditKind, AuditNote, AuditRecord, AuditSeal, ClientSeal},
    time::Timestamp,
};

use super::{EventRows, RowResult};

/// The row of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditChainRow {
    /// Its ends.
    pub chain: AuditChain,
    /// The node that seals.
    pub sealer: String,
    /// Until when no other node does.
    pub sealer_until: Timestamp,
}

/// The seal that a record is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedRecord {
    /// The number of the record.
    pub id: i64,
    /// Its place.
    pub seal: AuditSeal,
    /// The seal of where it came from.
    pub client: Option<ClientSeal>,
}

/// Operations on rows of the audit trail. A rule that writes what happened also tells those who hear it.
pub trait AuditRows: EventRows + Send {
    /// Writes an entry of which nothing else is known.
    fn insert_audit(&mut self, entry: &AuditEntry) -> impl Future<Output = RowResult<()>> + Send {
        let note = AuditNote::from(entry.clone());
        async move { self.insert_audit_note(&note).await }
    }

    /// Writes an entry of what another one than the account's owner did.
    fn insert_audit_by(
        &mut self,
        entry: &AuditEntry,
        actor: &Actor,
    ) -> impl Future<Output = RowResult<()>> + Send {
        let note = AuditNote { actor: Some(actor.clone()), ..entry.clone().into() };
        async move { self.insert_audit_note(&note).await }
    }

    /// Writes a note.
    fn insert_audit_note(&mut self, note: &AuditNote) -> impl Future<Output = RowResult<()>> + Send;

    /// Reads at most `at_most` records below a number, the highest first.
    fn audit_records(
        &mut self,
        filter: &AuditFilter,
        before: Option<i64>,
        at_most: u32,
    ) -> impl Future<Output = RowResult<Vec<AuditRecord>>> + Send;

    /// Reads at most `at_most` records that are not sealed, by their number.
    fn unsealed_audit(&mut self, at_most: u32) -> impl Future<Output = RowResult<Vec<AuditRecord>>> + Send;

    /// Reads at most `at_most` sealed records behind a place, by their place.
    fn sealed_audit(
        &mut self,
        after: u64,
        at_most: u32,
    ) -> impl Future<Output = RowResult<Vec<AuditRecord>>> + Send;

    /// Gives records their places, and the seals of where they came from; [`Rejected::Raced`](super::Rejected::Raced) where one of them
    /// has a place already.
    fn seal_audit(&mut self, seals: &[SealedRecord]) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes address, user agent and salt from the records of an account, and from those of no account but one of these
    /// logins.
    fn forget_audit_clients(
        &mut self,
        account: AccountId,
        logins: &[LoginId],
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes the sealed records up to a place.
    fn remove_audit_until(&mut self, seq: u64) -> impl Future<Output = RowResult<()>> + Send;

    /// Reads the ends of the chain, and who seals it until when.
    fn audit_chain(&mut self) -> impl Future<Output = RowResult<Option<AuditChainRow>>> + Send;

    /// Writes the ends of the chain in place of those that were read;
    /// [`Rejected::Raced`](super::Rejected::Raced) where they are others by now.
    fn save_audit_chain(
        &mut self,
        row: &AuditChainRow,
        read: Option<&AuditChainRow>,
    ) -> impl Future<Output = RowResult<()>> + Send;

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
