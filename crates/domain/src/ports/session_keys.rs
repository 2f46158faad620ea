//! The session keys of mini programs, for as long as a phone number may be bound.

use async_trait::async_trait;

use super::StoreError;
use crate::{login::LoginId, time::Timestamp};

/// Stores sealed session keys. A key may be lost at any moment; the mini program calls `wx.login` again then.
///
/// An implementation MUST be bounded.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait SessionKeys: Send + Sync {
    /// Stores the sealed session key of a login until `until`, and replaces an earlier one.
    ///
    /// # Errors
    /// [`StoreError`] when the key is not known to be stored.
    async fn put(&self, login: LoginId, sealed: Vec<u8>, until: Timestamp) -> Result<(), StoreError>;

    /// Returns the sealed session key of a login, unless it has expired at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    async fn find(&self, login: LoginId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError>;

    /// Removes the session key of a login.
    ///
    /// # Errors
    /// [`StoreError`] when the key may still be stored; it is removed when it expires.
    async fn forget(&self, login: LoginId) -> Result<(), StoreError>;
}
