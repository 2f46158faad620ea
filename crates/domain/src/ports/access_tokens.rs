//! WeChat's access tokens, as nodes share them.

use async_trait::async_trait;

use super::StoreError;
use crate::time::Timestamp;

/// Shares access tokens between nodes, by WeChat's id of the app. Only economy: any node may ask WeChat at any
/// time, and everything goes on when a token, a turn or the whole store is lost.
///
/// Tokens come sealed ([`ServerKey::seal`](crate::keys::ServerKey::seal)), so that whoever reads the store
/// reads no token. An implementation MUST be bounded, MUST NOT return what is over, and each method MUST be one
/// atomic step.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// Returns the sealed token of an app.
    ///
    /// # Errors
    /// [`StoreError`] when it could not tell.
    async fn read(&self, app_id: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps a sealed token until a moment, in place of an earlier one, and ends the turn of whoever got it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not.
    async fn put(&self, app_id: &str, sealed: &[u8], until: Timestamp) -> Result<(), StoreError>;

    /// Forgets a sealed token, unless another one has taken its place.
    ///
    /// # Errors
    /// [`StoreError`] when it could not.
    async fn forget(&self, app_id: &str, sealed: &[u8]) -> Result<(), StoreError>;

    /// Returns whether it is the caller's turn to ask WeChat for a token: of any number of callers at once one,
    /// and nobody else until that moment or until there is a new token.
    ///
    /// # Errors
    /// [`StoreError`] when it could not tell.
    async fn may_refresh(&self, app_id: &str, until: Timestamp) -> Result<bool, StoreError>;
}
