//! The bells of the logins that somebody on this node waits for.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{login::LoginId, ports::Subscription};
use tokio::{
    sync::{Notify, watch},
    time::timeout,
};

/// In so many parts the bells are kept, so that those who come and go seldom wait for each other.
const PARTS: usize = 64;

/// All bells of a node.
pub(crate) struct Subscribers {
    parts: [Mutex<HashMap<LoginId, Heard>>; PARTS],
    hasher: RandomState,
    waiters: AtomicUsize,
    capacity: usize,
    listening: watch::Sender<bool>,
}

#[derive(Default)]
struct Heard {
    bell: Arc<Bell>,
    by: usize,
}

/// What is rung when something happened to a login; it counts, for those who listen late.
#[derive(Default)]
struct Bell {
    rung: AtomicU64,
    notify: Notify,
}

impl Bell {
    fn ring(&self) {
        self.rung.fetch_add(1, Ordering::Release);
        self.notify.notify_waiters();
    }

    fn count(&self) -> u64 {
        self.rung.load(Ordering::Acquire)
    }
}

impl Subscribers {
    pub(crate) fn new(capacity: usize) -> Self {
        let parts = std::array::from_fn(|_| Mutex::default());
        let (listening, _) = watch::channel(false);
        Self { parts, hasher: RandomState::new(), waiters: AtomicUsize::new(0), capacity, listening }
    }

    /// Returns somebody who listens to a login's bell, unless there is no room for another.
    pub(super) fn listen(self: &Arc<Self>, id: LoginId) -> Option<RedisWaiter> {
        let one_more = |waiters| (waiters < self.capacity).then_some(waiters + 1);
        self.waiters.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        let bell = {
            let mut part = self.part(&id);
            let heard = part.entry(id).or_default();
            heard.by += 1;
            Arc::clone(&heard.bell)
        };
        let seen = bell.count();
        Some(RedisWaiter { subscribers: Arc::clone(self), id, bell, seen })
    }

    fn leave(&self, id: LoginId) {
        if let Entry::Occupied(mut heard) = self.part(&id).entry(id) {
            heard.get_mut().by -= 1;
            if heard.get().by == 0 {
                heard.remove();
            }
        }
        self.waiters.fetch_sub(1, Ordering::Relaxed);
    }

    /// Wakes those who wait for a login on this node.
    pub(crate) fn ring(&self, id: &LoginId) {
        let bell = self.part(id).get(id).map(|heard| Arc::clone(&heard.bell));
        if let Some(bell) = bell {
            bell.ring();
        }
    }

    /// Wakes everybody who waits on this node.
    pub(super) fn ring_all(&self) {
        for part in &self.parts {
            let subscribers: Vec<_> = lock(part).values().map(|heard| Arc::clone(&heard.bell)).collect();
            for bell in subscribers {
                bell.ring();
            }
        }
    }

    /// Notes whether wake-ups arrive.
    pub(super) fn set_listening(&self, listening: bool) {
        self.listening.send_replace(listening);
    }

    /// Returns whether wake-ups arrive, and when that changes.
    pub(crate) fn listening(&self) -> watch::Receiver<bool> {
        self.listening.subscribe()
    }

    fn part(&self, id: &LoginId) -> MutexGuard<'_, HashMap<LoginId, Heard>> {
        let [first, ..] = &self.parts;
        // The remainder is small whatever the width of a pointer.
        let number = usize::try_from(self.hasher.hash_one(id) % PARTS as u64).unwrap_or(0);
        lock(self.parts.get(number).unwrap_or(first))
    }
}

fn lock(part: &Mutex<HashMap<LoginId, Heard>>) -> MutexGuard<'_, HashMap<LoginId, Heard>> {
    // No code panics while it holds the lock, and what it guards is good at any moment.
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Somebody who listens to the bell of a login.
pub(super) struct RedisWaiter {
    subscribers: Arc<Subscribers>,
    id: LoginId,
    bell: Arc<Bell>,
    /// How often the bell had been rung when the caller was last told to look.
    seen: u64,
}

#[async_trait]
impl Subscription for RedisWaiter {
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

impl Drop for RedisWaiter {
    fn drop(&mut self) {
        self.subscribers.leave(self.id);
    }
}
