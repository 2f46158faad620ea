//! Accounts and the identities linked to them.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{Account, AccountId, Conflict, Identity, IdentityId, VerifiedPhone},
    login::LoginId,
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// An identity to unlink from its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The account.
    pub account: AccountId,
    /// The identity.
    pub identity: IdentityId,
    /// The session that asks for it; it goes on.
    pub asked_by: SessionId,
    /// When it is unlinked.
    pub at: Timestamp,
}

/// The result of unlinking an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is linked to no account any more.
    Done {
        /// The hashes of the tokens of the sessions that ended with it.
        ended: Vec<SessionTokenHash>,
    },
    /// It is the last way into the account, and stays.
    LastOne,
    /// It stays: the identity that asks came by the number alone, less than
    /// [`PROBATION`](crate::rules::PROBATION) ago. It may unlink itself.
    OnProbation,
    /// The account has no such identity.
    Unknown,
}

/// A number to give to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneChange {
    /// The account.
    pub account: AccountId,
    /// The number, proven by a code.
    pub phone: VerifiedPhone,
    /// The login of the session that asks for it.
    pub asked_by: LoginId,
    /// When it is given.
    pub at: Timestamp,
}

/// The result of changing an account's phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneChanged {
    /// The account has it.
    Done,
    /// Another account has it.
    Taken,
    /// The identity that asks came by the number alone, less than [`PROBATION`](crate::rules::PROBATION) ago.
    OnProbation,
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
    /// Since when it is so.
    pub at: Timestamp,
}

/// What a person took back in WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The app that was allowed to know them.
    pub app: AppName,
    /// The person.
    pub openid: OpenId,
    /// Whether only the profile changed, and the person may still log in.
    pub profile_only: bool,
    /// When it was revoked.
    pub at: Timestamp,
}

/// What a revocation led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The account that the identity had.
    pub account: Option<AccountId>,
    /// The hashes of the tokens of the sessions that ended with it.
    pub ended: Vec<SessionTokenHash>,
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

    /// Returns an identity, linked to an account or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, StoreError>;

    /// Returns the identity of a person within an app, linked or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn identity_of(&self, app: &AppName, openid: &OpenId) -> Result<Option<Identity>, StoreError>;

    /// Returns the identities that are linked to an account, the first seen first.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError>;

    /// Returns the identities of an account that have the same unionid as an identity of another account, with
    /// that account; the first seen first, at most [`CONFLICTS_LISTED`](crate::rules::CONFLICTS_LISTED).
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn conflicts(&self, account: AccountId) -> Result<Vec<Conflict>, StoreError>;

    /// Unlinks an identity from an account, unless it is the last one; of two callers at once who unlink the last
    /// two, one MUST be refused. Writes it into the trail.
    ///
    /// The identity is then like one that was seen and never linked. The account's sessions that came from it end
    /// in the same transaction, and so do those that are so old that the login they came from is not known any more;
    /// the one that asks goes on. No login of the identity is issued a session any more
    /// ([`super::Sessions::issue`]).
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn remove_identity(&self, removal: Removal) -> Result<Removed, StoreError>;

    /// Gives an account another phone number, and writes it into the trail; one that it has already changes
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed, or when there is no such account.
    async fn change_phone(&self, change: PhoneChange) -> Result<PhoneChanged, StoreError>;

    /// Returns the identities of an account whose persons are to be told that an identity came to it by the number
    /// alone ([`super::Logins::bind`]).
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn notices_of_account(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Vec<Identity>, StoreError>;

    /// Returns the identity of a person who is to be told so.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn notice_of(
        &self,
        app: &AppName,
        openid: &OpenId,
        at: Timestamp,
    ) -> Result<Option<IdentityId>, StoreError>;

    /// Writes down that the person of an identity is told now. The notice is repeated for a minute more, for a
    /// message that WeChat sends again because its reply was lost.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn note_told(&self, identity: IdentityId, at: Timestamp) -> Result<(), StoreError>;

    /// Stores whether a person follows an official account; returns the account of their identity, if it has one.
    ///
    /// A person without an identity is not stored. A repetition changes nothing, and neither does an older
    /// subscription than the mark of not following.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn record_follow(&self, subscription: FollowChange) -> Result<Option<AccountId>, StoreError>;

    /// Forgets the profile of a person within an app and, unless only that changed, unlinks their identity from its
    /// account, also where it is the last one. The sessions that came from it end in the same transaction, and so do
    /// those that are so old that the login they came from is not known any more. A revocation from before the identity
    /// was linked unlinks nothing. Returns `None` for a person without an identity.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn revoke_authorization(&self, revocation: Revocation) -> Result<Option<Revoked>, StoreError>;

    /// Disables an account, or enables it again; returns whether there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError>;
}
