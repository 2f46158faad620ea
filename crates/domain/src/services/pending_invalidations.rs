//! The ended sessions that the session cache does not know of yet.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{ports::CachedSession, session::SessionTokenHash, time::Timestamp};

/// The most invalidations that are retried; the cached entries of those beyond expire by themselves.
const CAPACITY: usize = 10_000;

/// How long an invalidation is retried; after that every cached entry has expired. A little longer than an entry
/// lives, for a read that is under way.
const RETRIED_FOR: Duration = CachedSession::TTL.saturating_add(Duration::from_secs(5));

/// The retry queue of invalidations: sessions whose end is committed, each with the moment of its commit.
#[derive(Default)]
pub(super) struct PendingInvalidations(Mutex<HashMap<SessionTokenHash, Timestamp>>);

impl PendingInvalidations {
    /// Adds sessions; one that is in the queue already keeps its moment.
    pub(super) fn add(&self, ended: &[SessionTokenHash], now: Timestamp) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for hash in ended {
            if pending.len() < CAPACITY {
                pending.entry(*hash).or_insert(now);
            }
        }
    }

    /// Removes sessions that the cache knows of now.
    pub(super) fn remove(&self, invalidated: &[SessionTokenHash]) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for hash in invalidated {
            pending.remove(hash);
        }
        if pending.is_empty() {
            // Returns the memory that many entries took.
            *pending = HashMap::new();
        }
    }

    /// Returns those that can still have a cached entry, and removes the others.
    pub(super) fn due(&self, now: Timestamp) -> Vec<SessionTokenHash> {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pending.retain(|_, ended_at| now < ended_at.plus(RETRIED_FOR));
        pending.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: usize) -> SessionTokenHash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        SessionTokenHash::from_store(bytes)
    }

    #[test]
    fn the_queue_is_bounded_and_returns_its_memory() {
        let (pending, now) = (PendingInvalidations::default(), Timestamp::from_secs(1));
        let many: Vec<_> = (0..CAPACITY + 1).map(hash).collect();
        pending.add(&many, now);
        assert_eq!(pending.due(now).len(), CAPACITY);
        pending.remove(&many);
        assert_eq!(pending.due(now), []);
        assert_eq!(pending.0.lock().unwrap().capacity(), 0);
    }

    #[test]
    fn a_session_that_is_added_again_keeps_its_moment() {
        let (pending, now) = (PendingInvalidations::default(), Timestamp::from_secs(1));
        pending.add(&[hash(1)], now);
        pending.add(&[hash(1), hash(2)], now.plus(Duration::from_secs(9)));
        assert_eq!(pending.due(now.plus(RETRIED_FOR).minus(Duration::from_millis(1))).len(), 2);
        assert_eq!(pending.due(now.plus(RETRIED_FOR)), [hash(2)]);
    }
}
