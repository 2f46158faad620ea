//! The trail of what happened to accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::{account::AccountId, login::LoginId, time::Timestamp};

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// It was made, by binding a phone number that had none.
    AccountCreated,
    /// A WeChat identity was bound to it.
    IdentityBound,
    /// A login handed over a session.
    SessionOpened,
    /// A session was ended by its owner.
    SessionEnded,
    /// A WeChat identity was taken from it.
    IdentityRemoved,
    /// It got another phone number.
    PhoneChanged,
    /// An identity of another account turned out to be the same person's.
    ConflictFound,
    /// Its person stopped following an official account.
    Unsubscribed,
}

impl AuditKind {
    /// Returns the name used in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::IdentityBound => "identity_bound",
            Self::SessionOpened => "session_opened",
            Self::SessionEnded => "session_ended",
            Self::IdentityRemoved => "identity_removed",
            Self::PhoneChanged => "phone_changed",
            Self::ConflictFound => "conflict_found",
            Self::Unsubscribed => "unsubscribed",
        }
    }

    /// Reads a kind's name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::AccountCreated,
            Self::IdentityBound,
            Self::SessionOpened,
            Self::SessionEnded,
            Self::IdentityRemoved,
            Self::PhoneChanged,
            Self::ConflictFound,
            Self::Unsubscribed,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}

/// What its owner does to an account to shut somebody out: identities that were to be added before are not.
pub const JOINS_ENDED_BY: [AuditKind; 2] = [AuditKind::SessionEnded, AuditKind::IdentityRemoved];

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: AuditKind,
    /// To whom.
    pub account: AccountId,
    /// By which login, if by one.
    pub login: Option<LoginId>,
}

/// Reads the audit trail.
///
/// Entries are written by the ports that do the work, in the same transaction: an entry is there if and only
/// if its effect is.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Returns an account's entries, the oldest first, at most `limit`; those of one moment come as they were
    /// written, of which one call may write its own in any order.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;
}
