//! A shared login cache with the node's own behind it.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, LoginCache, StoreError},
    time::Timestamp,
};

use crate::login_cache::MemoryLoginCache;

/// The login cache that nodes share, and this node's own for as long as the shared one is away.
///
/// Both are written, and the shared one is read first. While it is away the node reads its own, which has what this
/// node wrote; what other nodes did is found by the reconciliation with the database.
///
/// Clients subscribe to [`MemoryLoginCache::subscribers`] of the node's own cache. The shared one notifies the same
/// registry, so that one subscription hears of both.
pub struct FallbackLoginCache<S> {
    shared: S,
    own: Arc<MemoryLoginCache>,
}

impl<S: LoginCache> FallbackLoginCache<S> {
    /// Puts the node's own cache behind a shared one.
    pub fn new(shared: S, own: Arc<MemoryLoginCache>) -> Self {
        Self { shared, own }
    }
}

#[async_trait]
impl<S: LoginCache> LoginCache for FallbackLoginCache<S> {
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let shared = self.shared.open(id, context.clone(), until).await;
        self.own.open(id, context, until).await.or(shared)
    }

    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError> {
        match self.shared.read(id).await {
            Ok(entry) => Ok(entry),
            Err(_) => self.own.read(id).await,
        }
    }

    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError> {
        match self.shared.context(id).await {
            Ok(Some(context)) => Ok(Some(context)),
            // Also when the shared cache was emptied.
            Ok(None) | Err(_) => self.own.context(id).await,
        }
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        match self.shared.publish(login, until).await {
            // The own cache notifies as well: a notification of the shared one may get lost on its way.
            Ok(()) => self.own.publish(login, until).await.or(Ok(())),
            Err(_) => self.own.publish(login, until).await,
        }
    }
}
