//! The truth about sessions.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{Account, AccountId},
    login::{ClientInfo, LoginId},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

/// A session to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Its id, should the login have none yet.
    pub id: SessionId,
    /// The registered login that it comes from.
    pub login: LoginId,
    /// The login's account.
    pub account: AccountId,
    /// Since when the login is registered.
    pub registered_at: Timestamp,
    /// The hash of its token.
    pub token_hash: SessionTokenHash,
    /// Who collects it.
    pub client_info: ClientInfo,
    /// When.
    pub at: Timestamp,
}

/// The one session of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedSession {
    /// The session, from this call or from an earlier one.
    pub session: Session,
    /// The hash of the token that it was opened with.
    pub token_hash: SessionTokenHash,
    /// Whether it was ended since.
    pub ended: bool,
}

/// A session that was not ended, with its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSession {
    /// The session; whether its time is over is for the reader to judge.
    pub session: Session,
    /// Whose it is.
    pub account: Account,
}

/// Keeps sessions, found by the hash of their token.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Opens the session of a login, or returns the one that it has: with any number of callers at once there
    /// MUST be one row and one answer.
    ///
    /// Returns `None`, and opens nothing, for a login that was registered before all sessions of its account
    /// were ended ([`Sessions::end_all`]): whoever logs out everywhere means the logins nobody collected too.
    /// Neither does one of an identity that was taken from the account since, also if it was added again.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the caller MUST NOT hand a token over then.
    async fn open(&self, session: NewSession) -> Result<Option<OpenedSession>, StoreError>;

    /// Returns the session with this token, unless it was ended.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find(&self, token_hash: &SessionTokenHash) -> Result<Option<LiveSession>, StoreError>;

    /// Writes down that a session was used; never moves the moment back, and never revives an ended one.
    ///
    /// # Errors
    /// [`StoreError`] when it could not.
    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError>;

    /// Returns an account's sessions that were not ended, the newest first, at most 100.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn list(&self, account: AccountId) -> Result<Vec<Session>, StoreError>;

    /// Returns the hashes of the tokens of an account's sessions that were not ended, at most 1,000.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn tokens_of(&self, account: AccountId) -> Result<Vec<SessionTokenHash>, StoreError>;

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

    /// Ends all sessions of an account, and those that its logins until now would still open; returns the
    /// hashes of the tokens of those that there were to end.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end_all(&self, account: AccountId, at: Timestamp) -> Result<Vec<SessionTokenHash>, StoreError>;

    /// Ends as [`Sessions::end_all`], but only the sessions that were opened until a moment, and those that logins
    /// registered until then would still open; returns the hashes of the tokens of those that there were to end.
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
