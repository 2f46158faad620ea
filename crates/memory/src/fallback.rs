//! A shared board with a board of the process behind it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{Board, BoardEntry, Pruning, StoreError, Waiter, Wakeups},
    time::Timestamp,
};

use crate::MemoryBoard;

/// A board that nodes share, and a board of this node's own for as long as the shared one is away.
///
/// Both are told everything, and the shared one is asked first. While it is away this node answers from its
/// own, which knows what this node was told; what other nodes did it learns from the database
/// ([`Flows::sweep`](saoma_domain::flows::Flows::sweep)). Who waits is woken by either.
pub struct FallbackBoard<S> {
    shared: S,
    own: Arc<MemoryBoard>,
}

impl<S: Board + Wakeups> FallbackBoard<S> {
    /// Puts a board of the process behind a shared one.
    pub fn new(shared: S, own: Arc<MemoryBoard>) -> Self {
        Self { shared, own }
    }
}

#[async_trait]
impl<S: Board + Wakeups> Board for FallbackBoard<S> {
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let shared = self.shared.open(id, context.clone(), until).await;
        self.own.open(id, context, until).await.or(shared)
    }

    async fn read(&self, id: LoginId) -> Result<BoardEntry, StoreError> {
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
impl<S: Board + Wakeups> Wakeups for FallbackBoard<S> {
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Waiter>, StoreError> {
        let own = self.own.subscribe(id).await?;
        match self.shared.subscribe(id).await {
            Ok(shared) => Ok(Box::new(Either { shared, own })),
            Err(_) => Ok(own),
        }
    }
}

/// Woken by whichever comes first.
struct Either {
    shared: Box<dyn Waiter>,
    own: Box<dyn Waiter>,
}

#[async_trait]
impl Waiter for Either {
    async fn woken(&mut self, at_most: Duration) {
        tokio::select! {
            () = self.shared.woken(at_most) => {}
            () = self.own.woken(at_most) => {}
        }
        // The one look that follows is enough for both.
        tokio::join!(self.shared.woken(Duration::ZERO), self.own.woken(Duration::ZERO));
    }
}

#[async_trait]
impl<S: Send + Sync> Pruning for FallbackBoard<S> {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        self.own.prune(now, batch).await
    }
}
