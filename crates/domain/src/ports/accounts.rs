//! Accounts and the identities bound to them.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{Account, AccountId, Conflict, Identity, IdentityId, VerifiedPhone},
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// An identity to take from its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The account.
    pub account: AccountId,
    /// The identity.
    pub identity: IdentityId,
    /// The session that asks for it.
    pub asked_by: SessionId,
    /// When.
    pub at: Timestamp,
}

/// What became of an identity that was to be removed from its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is bound to no account any more.
    Done {
        /// The hashes of the tokens of the sessions that ended with it.
        ended: Vec<SessionTokenHash>,
    },
    /// It is the last way into the account, and stays.
    LastOne,
    /// The account has no such identity.
    Unknown,
}

/// What became of a number that an account was to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneChanged {
    /// The account has it.
    Done,
    /// Another account has it.
    Taken,
}

/// Whether a person follows an official account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowChange {
    /// The official account.
    pub app: AppName,
    /// The person.
    pub openid: OpenId,
    /// Whether they follow it now.
    pub subscribed: bool,
    /// Since when.
    pub at: Timestamp,
}

/// Reads and changes accounts; they are made by [`super::Logins::bind`].
///
/// Each change is one transaction, and durable once it answers.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns an account.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// Returns an identity, whether it is bound or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, StoreError>;

    /// Returns the identity of a person within an app, whether it is bound or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn identity_of(&self, app: &AppName, openid: &OpenId) -> Result<Option<Identity>, StoreError>;

    /// Returns the identities that are bound to an account, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError>;

    /// Returns the identities of an account that have the same unionid as an identity of another account, with
    /// that account; the oldest first, at most 100.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn conflicts(&self, account: AccountId) -> Result<Vec<Conflict>, StoreError>;

    /// Takes an identity from an account, unless it is the last one; of two callers at once who take the last
    /// two, one MUST be refused. Writes it into the trail.
    ///
    /// The identity is then like one that was seen and never bound. The account's sessions that came from it end
    /// in the same transaction, and so do those that are so old that nobody knows any more where they came from;
    /// the one that asks stays. Its logins open none any more ([`super::Sessions::open`]).
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn remove_identity(&self, removal: Removal) -> Result<Removed, StoreError>;

    /// Gives an account another phone number, and writes it into the trail; one that it has already changes
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn change_phone(
        &self,
        account: AccountId,
        phone: VerifiedPhone,
        at: Timestamp,
    ) -> Result<PhoneChanged, StoreError>;

    /// Notes whether a person follows an official account; returns the account that they are bound to, if any.
    ///
    /// A repetition changes nothing, and neither does an older subscription than the mark.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn record_follow(&self, subscription: FollowChange) -> Result<Option<AccountId>, StoreError>;

    /// Shuts an account, or opens it again; returns whether there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError>;
}
