//! The board: copies of what the database knows about logins, for speed.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    login::{Login, LoginContext, LoginId},
    time::Timestamp,
};

/// What the cache says about a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CachedLogin {
    /// Nothing: the cache was emptied, or the login is over. Only the database knows.
    Absent,
    /// The login was put there, and no outcome since; the database may be a moment ahead.
    Open,
    /// A copy of its outcome.
    Outcome(Login),
}

/// Holds copies that may vanish at any moment without losing a login.
///
/// An implementation MUST be bounded and MUST forget an entry some time after its `until`.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LoginCache: Send + Sync {
    /// Puts up a login that nothing has happened to, with what is known of it; keeps an outcome that is
    /// already there.
    ///
    /// # Errors
    /// [`StoreError`] when it could not.
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Returns what the cache says about a login.
    ///
    /// # Errors
    /// [`StoreError`] when it could not tell.
    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError>;

    /// Returns what a login was opened with.
    ///
    /// # Errors
    /// [`StoreError`] when it could not tell.
    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError>;

    /// Puts up a copy of an outcome and wakes whoever waits for the login.
    ///
    /// MUST leave a copy of the same or a newer version in place, and wake nobody then.
    ///
    /// # Errors
    /// [`StoreError`] when it could not; the waiters then find the outcome by asking.
    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError>;
}
