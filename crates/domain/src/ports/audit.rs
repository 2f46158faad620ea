//! The trail of what happened to accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::{account::AccountId, login::LoginId, time::Timestamp};

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// It was made, by binding a phone number that had none.
    AccountCreated,
    /// A WeChat identity was linked to it.
    IdentityLinked,
    /// A login was issued its session.
    SessionCreated,
    /// One of its sessions was ended.
    SessionEnded,
    /// A WeChat identity was unlinked from it.
    IdentityUnlinked,
    /// It got another phone number.
    PhoneChanged,
    /// An identity of another account was found to be the same person's.
    ConflictFound,
    /// Its person stopped following an official account.
    Unfollowed,
    /// Its external id, attributes, number or profile were written by another one than its owner, or its profile by the owner.
    AccountChanged,
    /// It was shut.
    AccountDisabled,
    /// It was opened again.
    AccountEnabled,
    /// All its sessions were ended by another one than its owner.
    SessionsEnded,
    /// It was erased; nothing else is left of it.
    AccountErased,
    /// What is kept of its person was read as a whole.
    AccountExported,
    /// Another account was merged into it.
    AccountMerged,
    /// A merge into it was undone.
    AccountUnmerged,
}

impl AuditKind {
    /// Returns the name used in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::IdentityLinked => "identity_linked",
            Self::SessionCreated => "session_created",
            Self::SessionEnded => "session_ended",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::PhoneChanged => "phone_changed",
            Self::ConflictFound => "conflict_found",
            Self::Unfollowed => "unfollowed",
            Self::AccountChanged => "account_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::SessionsEnded => "sessions_ended",
            Self::AccountErased => "account_erased",
            Self::AccountExported => "account_exported",
            Self::AccountMerged => "account_merged",
            Self::AccountUnmerged => "account_unmerged",
        }
    }

    /// Reads a kind's name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::AccountCreated,
            Self::IdentityLinked,
            Self::SessionCreated,
            Self::SessionEnded,
            Self::IdentityUnlinked,
            Self::PhoneChanged,
            Self::ConflictFound,
            Self::Unfollowed,
            Self::AccountChanged,
            Self::AccountDisabled,
            Self::AccountEnabled,
            Self::SessionsEnded,
            Self::AccountErased,
            Self::AccountExported,
            Self::AccountMerged,
            Self::AccountUnmerged,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: AuditKind,
    /// To which account.
    pub account: AccountId,
    /// By which login, if by one.
    pub login: Option<LoginId>,
}

/// Reads the audit trail.
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
}
