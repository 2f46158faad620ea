//! Accounts and the identities bound to them.

use async_trait::async_trait;

use super::StoreError;
use crate::account::{Account, AccountId, Identity};

/// Reads accounts; they are made by [`super::Logins::bind`].
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns an account.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// Returns the identities that are bound to an account, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError>;

    /// Shuts an account, or opens it again; returns whether there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError>;
}
