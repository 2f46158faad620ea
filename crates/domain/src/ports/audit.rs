//! The trail of what happened to accounts.

mod kind;
mod note;

pub use kind::AuditKind;
pub use note::{AuditEntry, AuditNote};

use async_trait::async_trait;

use super::StoreError;
use crate::{account::AccountId, time::Timestamp};

/// A note as it stands in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// The number that the store gave it.
    pub id: i64,
    /// The note.
    pub note: AuditNote,
    /// Its place in the chain, and the hash of the chain up to it; absent until it is sealed, within seconds.
    pub seal: Option<AuditSeal>,
    /// What the chain knows of where it came from; absent until it is sealed, and where that is not known.
    pub client_seal: Option<ClientSeal>,
}

/// What the chain knows of the client of a record: a digest, which says nothing once its salt is gone. So the address of a
/// person who is erased can go, and the chain stays whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientSeal {
    /// What the digest was salted with; it goes with the address.
    pub salt: Option<[u8; 16]>,
    /// SHA-256 over salt, address and user agent.
    pub digest: [u8; 32],
}

/// A place in the chain of the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditSeal {
    /// The place; the first one is 1.
    pub seq: u64,
    /// SHA-256 over the hash of the place before and this record.
    pub hash: [u8; 32],
}

impl AuditSeal {
    /// Where a chain begins.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };
}

/// The ends of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditChain {
    /// The place before the first record that is kept.
    pub anchor: AuditSeal,
    /// The place of the last record that was sealed.
    pub head: AuditSeal,
}

/// Which records are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those of this kind.
    pub kind: Option<AuditKind>,
}

/// Something that is wrong with the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditDamage {
    /// The record at this place is not as it was sealed, or another one stands there.
    Changed(u64),
    /// The records from the first to the second place are missing.
    Missing(u64, u64),
    /// A record stands behind the head of the chain, at this place.
    Foreign(u64),
    /// The head of the chain is not the hash of its last record.
    Head,
}

/// Reads the audit trail, and seals it.
///
/// The ports that do the work write the entries in the same transaction: an entry is there if and only if its effect
/// is.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Returns an account's entries, the oldest first, at most `limit`; those of one moment come as they were
    /// written, of which one call may write its own in any order.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;

    /// Writes a note of what changes no row: a refusal, an SMS, a read. A suspicion ([`AuditKind::LoginSuspected`]) is told to
    /// those who hear it, too.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    async fn write_note(&self, note: AuditNote) -> Result<(), StoreError>;

    /// Lists at most `limit` records, the youngest first, those with numbers below `before`.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn records(
        &self,
        filter: AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>, StoreError>;

    /// Seals at most [`AUDIT_SEALED_AT_ONCE`](crate::rules::AUDIT_SEALED_AT_ONCE) records that are not sealed yet, unless
    /// another node has the lease, and returns how many, with the chain. The lease is this node's for
    /// [`AUDIT_LEASE`](crate::rules::AUDIT_LEASE). The salts of the records come from `seed`, which has to be random and is used
    /// once.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be done.
    async fn seal(
        &self,
        node: &str,
        now: Timestamp,
        seed: [u8; 32],
    ) -> Result<Option<(u32, AuditChain)>, StoreError>;

    /// Looks at each sealed record, and returns how many there are and what is wrong.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn verify_chain(&self) -> Result<(u64, Vec<AuditDamage>), StoreError>;

    /// Removes sealed records from the beginning of the chain that are older than a moment, a few at a time, and moves its
    /// anchor. Returns how many went.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be done.
    async fn forget_before(&self, moment: Timestamp) -> Result<u32, StoreError>;
}
