//! The registry of this node's waiting clients.

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, hash_map},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{LoginNotifier, NotificationSink, StoreError, Subscription},
};
use tokio::{sync::Notify, time::timeout};

use crate::store::{Quota, Sharded};

/// The clients of this node that wait for a login: one registry, which every adapter notifies. A clone is the same
/// registry.
///
/// A waiting client costs no task, and a login that no client waits for costs no memory.
#[derive(Clone, Debug)]
pub struct Subscribers {
    registry: Arc<Registry>,
}

#[derive(Debug)]
struct Registry {
    logins: Sharded<HashMap<LoginId, SubscribedLogin>>,
    clients: Quota,
    /// Whether notifications of other nodes may get lost at the moment.
    is_deaf: AtomicBool,
}

/// A login with the number of clients that wait for it.
#[derive(Debug, Default)]
struct SubscribedLogin {
    signal: Arc<Signal>,
    clients: usize,
}

/// Counts the notifications of one login, so that a client which begins to wait later learns of them.
#[derive(Debug, Default)]
struct Signal {
    notifications: AtomicU64,
    notify: Notify,
}

impl Signal {
    fn send(&self) {
        self.notifications.fetch_add(1, Ordering::Release);
        self.notify.notify_waiters();
    }

    fn count(&self) -> u64 {
        self.notifications.load(Ordering::Acquire)
    }
}

impl Subscribers {
    /// Returns a registry for at most `capacity` clients; one takes up about 200 bytes.
    pub fn new(capacity: usize) -> Self {
        let registry = Registry {
            logins: Sharded::default(),
            clients: Quota::new(capacity),
            is_deaf: AtomicBool::new(false),
        };
        Self { registry: Arc::new(registry) }
    }

    /// Returns whether a client waits for a login.
    pub(crate) fn is_waited_for(&self, id: &LoginId) -> bool {
        self.registry.logins.lock(id).contains_key(id)
    }

    /// Returns how many logins have waiting clients.
    #[cfg(test)]
    pub(crate) fn logins(&self) -> usize {
        self.registry.logins.each().map(|logins| logins.len()).sum()
    }
}

impl NotificationSink for Subscribers {
    fn notify(&self, id: &LoginId) {
        // The lock is released first: the notified clients want it next.
        let signal = self.registry.logins.lock(id).get(id).map(|login| Arc::clone(&login.signal));
        if let Some(signal) = signal {
            signal.send();
        }
    }

    fn notify_all(&self) {
        self.registry.is_deaf.store(false, Ordering::Release);
        for logins in self.registry.logins.each() {
            let signals: Vec<_> = logins.values().map(|login| Arc::clone(&login.signal)).collect();
            drop(logins);
            for signal in signals {
                signal.send();
            }
        }
    }

    fn lost(&self) {
        self.registry.is_deaf.store(true, Ordering::Release);
    }
}

#[async_trait]
impl LoginNotifier for Subscribers {
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        if !self.registry.clients.take(1) {
            return Err(StoreError::Unavailable("this node has too many waiting clients".to_owned()));
        }
        let signal = {
            let mut logins = self.registry.logins.lock(&id);
            let login = logins.entry(id).or_default();
            login.clients += 1;
            Arc::clone(&login.signal)
        };
        let seen = signal.count();
        Ok(Box::new(RegisteredClient { registry: Arc::clone(&self.registry), id, signal, seen }))
    }
}

/// One client that waits for one login.
struct RegisteredClient {
    registry: Arc<Registry>,
    id: LoginId,
    signal: Arc<Signal>,
    /// How many notifications the client has learnt of.
    seen: u64,
}

#[async_trait]
impl Subscription for RegisteredClient {
    async fn notified(&mut self, at_most: Duration) -> bool {
        let (seen, was_deaf) = (self.seen, self.registry.is_deaf.load(Ordering::Acquire));
        // Made before the count is read: it then receives every later notification, even before it is polled.
        let notified = self.signal.notify.notified();
        // A timer runs in whole milliseconds, so an empty wait must not start one.
        if self.signal.count() == self.seen && !at_most.is_zero() {
            // Notified or not, the caller reads the login again.
            let _ = timeout(at_most, notified).await;
        }
        self.seen = self.signal.count();
        seen != self.seen || was_deaf || self.registry.is_deaf.load(Ordering::Acquire)
    }
}

impl Drop for RegisteredClient {
    fn drop(&mut self) {
        if let hash_map::Entry::Occupied(mut login) = self.registry.logins.lock(&self.id).entry(self.id) {
            login.get_mut().clients -= 1;
            if login.get().clients == 0 {
                login.remove();
            }
        }
        self.registry.clients.give_back(1);
    }
}
