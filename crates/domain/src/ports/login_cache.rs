//! The cache of login states.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    login::{Login, LoginContext, LoginId},
    time::Timestamp,
};

/// What the cache knows about a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CachedLogin {
    /// No entry: the cache was emptied, or the entry has expired. Only the database knows the login's state.
    Absent,
    /// The login was opened and no outcome was published since; the database may be a moment ahead.
    Open,
    /// The login's outcome.
    Outcome(Login),
}

/// Caches the states of logins. Entries may be lost at any moment without losing a login.
///
/// An implementation MUST be bounded and MUST remove an entry some time after its `until`. The entry of a waiting
/// login MUST weigh at most 600 bytes, whatever its [`LoginContext`] holds.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LoginCache: Send + Sync {
    /// Caches a new login with its context, if there is one; keeps an outcome that is already cached.
    ///
    /// # Errors
    /// [`StoreError`] when the login is not cached.
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Returns what is cached of a login's state.
    ///
    /// # Errors
    /// [`StoreError`] when the cache cannot be read; the caller queries the database then.
    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError>;

    /// Returns the context that a login was opened with.
    ///
    /// # Errors
    /// [`StoreError`] when the cache cannot be read.
    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError>;

    /// Caches the outcome of a login and notifies the clients that wait for it.
    ///
    /// MUST keep an entry of the same or a newer version, and notify no client then.
    ///
    /// # Errors
    /// [`StoreError`] when the outcome is not cached; waiting clients find it in the database.
    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError>;

    /// Removes what is cached of a login whose person was erased.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be cached; it goes when it expires, as from an implementation that does nothing here.
    async fn forget(&self, id: LoginId) -> Result<(), StoreError> {
        let _ = id;
        Ok(())
    }
}
