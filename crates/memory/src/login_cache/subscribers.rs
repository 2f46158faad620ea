//! Waking those who wait for a login.

use std::{
    collections::{HashMap, hash_map},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{LoginNotifier, StoreError, Subscription},
};
use tokio::{sync::Notify, time::timeout};

use super::{Inner, MemoryLoginCache};

/// The bells of the logins that somebody waits for.
#[derive(Debug, Default)]
pub(super) struct Subscribers(HashMap<LoginId, Heard>);

#[derive(Debug, Default)]
struct Heard {
    bell: Arc<Bell>,
    by: usize,
}

/// What is rung when something happened to a login.
///
/// It counts, so that whoever listens late can tell that it was rung.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rung: AtomicU64,
    notify: Notify,
}

impl Subscribers {
    pub(super) fn of(&self, id: &LoginId) -> Option<Arc<Bell>> {
        self.0.get(id).map(|heard| Arc::clone(&heard.bell))
    }

    fn listen(&mut self, id: LoginId) -> Arc<Bell> {
        let heard = self.0.entry(id).or_default();
        heard.by += 1;
        Arc::clone(&heard.bell)
    }

    fn leave(&mut self, id: LoginId) {
        if let hash_map::Entry::Occupied(mut heard) = self.0.entry(id) {
            heard.get_mut().by -= 1;
            if heard.get().by == 0 {
                heard.remove();
            }
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Bell {
    pub(super) fn ring(&self) {
        self.rung.fetch_add(1, Ordering::Release);
        self.notify.notify_waiters();
    }

    fn count(&self) -> u64 {
        self.rung.load(Ordering::Acquire)
    }
}

#[async_trait]
impl LoginNotifier for MemoryLoginCache {
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        if !self.inner.waiters.take(1) {
            return Err(StoreError::Unavailable("too many are waiting".to_owned()));
        }
        let bell = self.inner.shards.lock(&id).subscribers.listen(id);
        let seen = bell.count();
        Ok(Box::new(MemoryWaiter { login_cache: Arc::clone(&self.inner), id, bell, seen }))
    }
}

/// Somebody who listens to the bell of a login.
struct MemoryWaiter {
    login_cache: Arc<Inner>,
    id: LoginId,
    bell: Arc<Bell>,
    /// How often the bell had been rung when the caller was last told to look.
    seen: u64,
}

#[async_trait]
impl Subscription for MemoryWaiter {
    async fn notified(&mut self, at_most: Duration) {
        // Made before the count is read: from then on it hears every ring, polled or not.
        let ring = self.bell.notify.notified();
        if self.bell.count() == self.seen {
            // Rung or not, the caller looks again.
            let _ = timeout(at_most, ring).await;
        }
        self.seen = self.bell.count();
    }
}

impl Drop for MemoryWaiter {
    fn drop(&mut self) {
        self.login_cache.shards.lock(&self.id).subscribers.leave(self.id);
        self.login_cache.waiters.give_back(1);
    }
}
