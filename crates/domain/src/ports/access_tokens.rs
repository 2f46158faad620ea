//! WeChat's access tokens, shared between nodes.

use async_trait::async_trait;

use super::StoreError;
use crate::time::Timestamp;

/// Shares access tokens between nodes, by WeChat's id of the app. It only saves calls: any node may ask WeChat for a
/// token at any time, and logins go on when a token, a lease or the whole store is lost.
///
/// Tokens are sealed ([`ServerKey::seal`](crate::keys::ServerKey::seal)), so that a reader of the store learns no
/// token. An implementation MUST be bounded, MUST NOT return a token after its `until`, and each method MUST be one
/// atomic step.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// Returns the sealed token of an app.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    async fn read(&self, app_id: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Stores a sealed token until `until`, replaces an earlier one, and releases the app's refresh lease.
    ///
    /// # Errors
    /// [`StoreError`] when the token is not known to be stored.
    async fn put(&self, app_id: &str, sealed: &[u8], until: Timestamp) -> Result<(), StoreError>;

    /// Removes a sealed token, unless another token has replaced it.
    ///
    /// # Errors
    /// [`StoreError`] when the token may still be stored.
    async fn forget(&self, app_id: &str, sealed: &[u8]) -> Result<(), StoreError>;

    /// Tries to acquire the app's refresh lease, the right to ask WeChat for a new token, and returns whether the
    /// caller has it. Of any number of callers at once one acquires it; the others do not until `until`, or until a
    /// new token is stored.
    ///
    /// # Errors
    /// [`StoreError`] when it is unknown whether the caller acquired it.
    async fn try_acquire(&self, app_id: &str, until: Timestamp) -> Result<bool, StoreError>;
}
