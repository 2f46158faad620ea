//! The session keys of mini programs, for as long as a phone number may be bound.

use async_trait::async_trait;

use super::StoreError;
use crate::{login::LoginId, time::Timestamp};

/// Keeps sealed session keys; may vanish, and the program calls `wx.login` again.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionKeys: Send + Sync {
    /// Keeps the sealed session key of a login until `until`.
    ///
    /// # Errors
    /// [`StoreError`] when it could not.
    async fn put(&self, login: LoginId, sealed: Vec<u8>, until: Timestamp) -> Result<(), StoreError>;

    /// Returns the sealed session key of a login, unless its time is over at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when it could not tell.
    async fn find(&self, login: LoginId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError>;

    /// Forgets the session key of a login.
    ///
    /// # Errors
    /// [`StoreError`] when it could not; it is then forgotten when its time is over.
    async fn forget(&self, login: LoginId) -> Result<(), StoreError>;
}
