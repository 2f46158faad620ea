//! The board and the wake-ups of one process.

mod copies;
mod subscribers;
#[cfg(test)]
mod tests;

use std::sync::{Arc, MutexGuard};

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{Clock, Health, StoreError},
    time::Timestamp,
};

use crate::store::{Expiring, Quota, SWEPT_AT_ONCE, SWEPT_WHEN_FULL, Sharded};
use copies::Copied;
use subscribers::Subscribers;

/// How much a [`MemoryLoginCache`] holds at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginCacheCapacity {
    /// How many logins; one takes up some 600 bytes.
    pub logins: usize,
    /// How many waiters; one takes up some 200 bytes.
    pub waiters: usize,
}

impl Default for LoginCacheCapacity {
    /// Room for a million logins and 100,000 waiters.
    fn default() -> Self {
        Self { logins: 1_000_000, waiters: 100_000 }
    }
}

/// The board of a node that shares it with no other, and the wake-ups of those who wait for its logins.
///
/// When it is full it refuses: a login that is not there is not put up, neither open nor with an outcome, but
/// whoever waits for that outcome is woken all the same. Logins that are there go on. What is over is removed
/// by the writes, a few entries at a time, and by [`Pruning`](saoma_domain::ports::Pruning).
///
/// Who waits costs no task, and a login that nobody waits for costs no room for wake-ups.
pub struct MemoryLoginCache {
    inner: Arc<Inner>,
    clock: Arc<dyn Clock>,
}

/// What the cache shares with its waiters, which have to say that they are gone.
#[derive(Debug)]
struct Inner {
    shards: Sharded<Shard>,
    logins: Quota,
    waiters: Quota,
}

#[derive(Debug, Default)]
struct Shard {
    copies: Expiring<LoginId, Copied>,
    subscribers: Subscribers,
}

impl MemoryLoginCache {
    /// Returns an empty board that forgets by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: LoginCacheCapacity) -> Self {
        let inner = Inner {
            shards: Sharded::default(),
            logins: Quota::new(capacity.logins),
            waiters: Quota::new(capacity.waiters),
        };
        Self { inner: Arc::new(inner), clock }
    }

    pub(crate) fn reconcile(&self, now: Timestamp, at_most: usize) -> usize {
        self.inner.reconcile(now, at_most)
    }

    /// Forgets all logins, as a cache may at any moment; those who wait go on waiting.
    pub fn clear(&self) {
        for mut shard in self.inner.shards.each() {
            self.inner.logins.give_back(shard.copies.clear());
        }
    }
}

impl Inner {
    /// Removes at most so many logins of each part that are over, and returns how many.
    fn reconcile(&self, now: Timestamp, at_most: usize) -> usize {
        let mut removed = 0;
        for mut shard in self.shards.each() {
            let here = shard.copies.reconcile(now, at_most);
            self.logins.give_back(here);
            removed += here;
        }
        removed
    }

    /// Locks the part with a login, to write it; sees to it that there is room, if there can be.
    fn lock_for_writing(&self, id: &LoginId, now: Timestamp) -> MutexGuard<'_, Shard> {
        let mut shard = self.shards.lock(id);
        self.logins.give_back(shard.copies.reconcile(now, SWEPT_AT_ONCE));
        if shard.copies.holds(id) || !self.logins.is_used_up() {
            return shard;
        }
        drop(shard);
        self.reconcile(now, SWEPT_WHEN_FULL);
        self.shards.lock(id)
    }
}

#[async_trait]
impl Health for MemoryLoginCache {
    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
