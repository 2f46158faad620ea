//! A shared board with a cache of the process behind it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{CachedLogin, LoginCache, LoginNotifier, Pruning, StoreError, Subscription},
    time::Timestamp,
};

use crate::MemoryLoginCache;

/// A board that nodes share, and a cache of this node's own for as long as the shared one is away.
///
/// Both are told everything, and the shared one is asked first. While it is away this node answers from its
/// own, which knows what this node was told; what other nodes did it learns from the database
/// ([`Waiting::reconcile`](saoma_domain::services::Waiting::reconcile)). Who waits is woken by either.
pub struct FallbackLoginCache<S> {
    shared: S,
    own: Arc<MemoryLoginCache>,
}

impl<S: LoginCache + LoginNotifier> FallbackLoginCache<S> {
    /// Puts a cache of the process behind a shared one.
    pub fn new(shared: S, own: Arc<MemoryLoginCache>) -> Self {
        Self { shared, own }
    }
}

#[async_trait]
impl<S: LoginCache + LoginNotifier> LoginCache for FallbackLoginCache<S> {
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
            // Also when the shared board was emptied.
            Ok(None) | Err(_) => self.own.context(id).await,
        }
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        match self.shared.publish(login, until).await {
            // Who waits here is woken by either: a wake-up of the shared one may get lost on its way.
            Ok(()) => self.own.publish(login, until).await.or(Ok(())),
            Err(_) => self.own.publish(login, until).await,
        }
    }
}

#[async_trait]
impl<S: LoginCache + LoginNotifier> LoginNotifier for FallbackLoginCache<S> {
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        let own = self.own.subscribe(id).await?;
        match self.shared.subscribe(id).await {
            Ok(shared) => Ok(Box::new(Either { shared, own })),
            Err(_) => Ok(own),
        }
    }
}

/// Woken by whichever comes first.
struct Either {
    shared: Box<dyn Subscription>,
    own: Box<dyn Subscription>,
}

#[async_trait]
impl Subscription for Either {
    async fn notified(&mut self, at_most: Duration) {
        tokio::select! {
            () = self.shared.notified(at_most) => {}
            () = self.own.notified(at_most) => {}
        }
        // The one look that follows is enough for both.
        tokio::join!(self.shared.notified(Duration::ZERO), self.own.notified(Duration::ZERO));
    }
}

#[async_trait]
impl<S: Send + Sync> Pruning for FallbackLoginCache<S> {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        self.own.prune(now, batch).await
    }
}
