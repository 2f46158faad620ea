//! The truth about sessions.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{Account, AccountId, Conflict, Identity},
    login::{ClientInfo, LoginId},
    session::{Session, SessionId, SessionPolicy, SessionTokenHash},
    time::Timestamp,
};

/// A session to issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Its id, should the login have none yet.
    pub id: SessionId,
    /// The registered login that it comes from.
    pub login: LoginId,
    /// The login's account.
    pub account: AccountId,
    /// The hash of its token.
    pub token_hash: SessionTokenHash,
    /// The client that it is issued to.
    pub client_info: ClientInfo,
    /// When it is issued.
    pub at: Timestamp,
    /// How long sessions live.
    pub policy: SessionPolicy,
}

/// The one session of a login, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// The session, from this call or from an earlier one, with its account.
    pub active: ActiveSession,
    /// The hash of the token that it was issued with.
    pub token_hash: SessionTokenHash,
    /// Whether it was ended since.
    pub ended: bool,
    /// The hashes of the tokens of the sessions that this call ended to make room for it.
    pub displaced: Vec<SessionTokenHash>,
    /// Whether the account had not been seen for a day when the session was issued, or had a new identity: what the apps know
    /// of its persons may be due.
    pub has_news: bool,
}

/// A session that was not ended, with all that its holder may read of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveSession {
    /// The session; whether it has expired is for the reader to judge.
    pub session: Session,
    /// Whose it is.
    pub account: Account,
    /// The identities that are bound to the account, the oldest first.
    pub identities: Vec<Identity>,
    /// Those of them that have the same unionid as an identity of another account; the oldest first, at most 100.
    pub conflicts: Vec<Conflict>,
}

impl ActiveSession {
    /// Returns when the session ends if it is not used any more.
    pub fn expires_at(&self, policy: &SessionPolicy) -> Timestamp {
        self.session.expires_at(policy)
    }

    /// Returns whether the session can be used: it has not expired, and its account is not disabled.
    pub fn is_usable(&self, policy: &SessionPolicy, now: Timestamp) -> bool {
        !self.account.disabled && !self.session.is_over(policy, now)
    }
}

/// A session that was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// Its public id.
    pub id: SessionId,
    /// When it was ended.
    pub ended_at: Timestamp,
}

/// Keeps sessions, found by the hash of their token.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Issues the session of a login, or returns the one that it has: with any number of callers at once there
    /// MUST be one row and one answer.
    ///
    /// An account has [`SESSIONS_OF_ACCOUNT`](crate::rules::SESSIONS_OF_ACCOUNT) sessions at the most. One more ends
    /// one that has expired, or else the oldest.
    ///
    /// Returns `None`, and issues nothing, for a login that is not known to lead to this account, for an account that is
    /// disabled, and for a login that was registered before all sessions of its account were ended ([`Sessions::end_all`]): a person who logs out
    /// everywhere means the sessions that were not
    /// collected yet, too. The same for a login of an identity that was unlinked from the account since, also if
    /// it was linked again.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the caller MUST NOT reveal the token then.
    async fn issue(&self, session: NewSession) -> Result<Option<StoredSession>, StoreError>;

    /// Returns the session with this token, unless it was ended, with its account.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find(&self, token_hash: &SessionTokenHash) -> Result<Option<ActiveSession>, StoreError>;

    /// Stores that a session was used; never moves the moment back, and never revives an ended one.
    ///
    /// # Errors
    /// [`StoreError`] when it could not.
    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError>;

    /// Returns an account's sessions that were not ended, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn list(&self, account: AccountId) -> Result<Vec<Session>, StoreError>;

    /// Returns the hashes of the tokens of an account's sessions that were not ended.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn tokens_of(&self, account: AccountId) -> Result<Vec<SessionTokenHash>, StoreError>;

    /// Lists the sessions that were ended at a moment or since, the first ended first; of those of the very moment only those whose
    /// ids come behind `after`. They are known for [`LOGIN_KEPT_FOR`](crate::ports::LOGIN_KEPT_FOR), unless their account is erased.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn ended(
        &self,
        since: Timestamp,
        after: Option<SessionId>,
        at_most: u32,
    ) -> Result<Vec<EndedSession>, StoreError>;

    /// Ends one session of an account, and returns the hash of its token if there was such a one to end.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end(
        &self,
        account: AccountId,
        id: SessionId,
        at: Timestamp,
    ) -> Result<Option<SessionTokenHash>, StoreError>;

    /// Ends a session that was read before, unless it was ended since.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end_known(&self, session: Session, at: Timestamp) -> Result<(), StoreError>;

    /// Ends all sessions of an account, and those that its logins until now could still be issued; returns the
    /// hashes of the tokens of those that there were to end.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end_all(&self, account: AccountId, at: Timestamp) -> Result<Vec<SessionTokenHash>, StoreError>;

    /// Ends as [`Sessions::end_all`], but only the sessions that were issued until a moment, and those that logins
    /// registered until then could still be issued; returns the hashes of the tokens of those that there were to end.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end_until(
        &self,
        account: AccountId,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<SessionTokenHash>, StoreError>;
}
