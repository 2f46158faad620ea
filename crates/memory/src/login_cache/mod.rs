//! The login cache of one process.

mod entry;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::{
        CachedLogin, Clock, Health, LoginCache, LoginNotifier, NotificationSink, StoreError, Subscription,
    },
    time::Timestamp,
};

use crate::{store::Bounded, subscribers::Subscribers};
use entry::LoginEntry;

/// How much a [`MemoryLoginCache`] holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginCacheCapacity {
    /// How many bytes for logins, each of which counts as [`LoginCacheCapacity::LOGIN_BYTES`].
    pub bytes: usize,
    /// How many waiting clients; one takes up about 200 bytes.
    pub waiters: usize,
}

impl LoginCacheCapacity {
    /// What a login that waits weighs at most, whatever its client sent.
    pub const LOGIN_BYTES: usize = 600;
}

impl Default for LoginCacheCapacity {
    /// 600 MB, which are a million logins, and room for 100,000 waiting clients.
    fn default() -> Self {
        Self { bytes: 1_000_000 * Self::LOGIN_BYTES, waiters: 100_000 }
    }
}

/// The login cache of one node, with the registry of its waiting clients.
///
/// A full cache refuses: it caches no new login, neither an open one nor an outcome, but notifies the clients that
/// wait for the outcome. Cached logins go on. Writes remove expired entries, a few at a time;
/// [`Pruning`](saoma_domain::ports::Pruning) removes the rest.
pub struct MemoryLoginCache {
    pub(crate) logins: Bounded<LoginId, LoginEntry>,
    subscribers: Subscribers,
    clock: Arc<dyn Clock>,
}

impl MemoryLoginCache {
    /// Returns an empty cache whose entries expire by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: LoginCacheCapacity) -> Self {
        let logins = Bounded::new(capacity.bytes / LoginCacheCapacity::LOGIN_BYTES);
        Self { logins, subscribers: Subscribers::new(capacity.waiters), clock }
    }

    /// Returns the registry of this node's waiting clients, for adapters that learn of changes on other nodes.
    pub fn subscribers(&self) -> &Subscribers {
        &self.subscribers
    }

    /// Removes all logins, as a cache may at any moment; waiting clients stay subscribed.
    pub fn clear(&self) {
        self.logins.clear();
    }

    /// Returns whether a login is cached here, or a client waits here for it.
    pub(crate) fn concerns(&self, id: LoginId) -> bool {
        self.logins.lock(&id).holds(&id) || self.subscribers.is_waited_for(&id)
    }

    /// Changes the entry of a login, or of a new one if there is none, and returns whether that changed anything.
    /// A changed entry lives at least until `until`.
    fn change(
        &self,
        id: LoginId,
        until: Timestamp,
        change: impl FnOnce(&mut LoginEntry) -> bool,
    ) -> Result<bool, StoreError> {
        let mut logins = self.logins.write(&id, self.clock.now());
        if let Some(entry) = logins.get_mut(&id) {
            let is_changed = change(entry);
            if is_changed {
                logins.prolong(&id, until);
            }
            return Ok(is_changed);
        }
        let mut entry = LoginEntry::default();
        let is_changed = change(&mut entry);
        let has_room = logins.insert(id, entry, until);
        let full = || StoreError::Unavailable("the login cache is full".to_owned());
        has_room.then_some(is_changed).ok_or_else(full)
    }
}

#[async_trait]
impl LoginCache for MemoryLoginCache {
    async fn open(
        &self,
        id: LoginId,
        context: Option<LoginContext>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let open = |entry: &mut LoginEntry| {
            entry.open(context.as_ref());
            true
        };
        self.change(id, until, open).map(drop)
    }

    async fn read(&self, id: LoginId) -> Result<CachedLogin, StoreError> {
        let logins = self.logins.lock(&id);
        Ok(logins.get(&id, self.clock.now()).map_or(CachedLogin::Absent, |entry| entry.state(id)))
    }

    async fn context(&self, id: LoginId) -> Result<Option<LoginContext>, StoreError> {
        let logins = self.logins.lock(&id);
        Ok(logins.get(&id, self.clock.now()).and_then(LoginEntry::context))
    }

    async fn forget(&self, id: LoginId) -> Result<(), StoreError> {
        self.logins.lock(&id).expire(&id, self.clock.now());
        Ok(())
    }

    async fn publish(&self, login: &Login, until: Timestamp) -> Result<(), StoreError> {
        let published = self.change(login.id, until, |entry| entry.update(login));
        // Also without room: the clients find the outcome in the database.
        if published != Ok(false) {
            self.subscribers.notify(&login.id);
        }
        published.map(drop)
    }
}

#[async_trait]
impl LoginNotifier for MemoryLoginCache {
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        self.subscribers.subscribe(id).await
    }
}

#[async_trait]
impl Health for MemoryLoginCache {
    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
