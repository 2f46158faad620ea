//! The session cache that the nodes of one test share.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, Clock, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

/// The session cache that the nodes of one test share.
///
/// A full cache takes no more live sessions, and refuses to keep the end of a session that has no entry.
pub struct MemorySessionCache {
    entries: Mutex<HashMap<SessionTokenHash, (CachedSession, Timestamp)>>,
    capacity: usize,
    clock: Arc<dyn Clock>,
}

impl MemorySessionCache {
    /// 100,000 sessions, about 1,000 bytes each.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Returns an empty cache for at most `capacity` sessions whose entries expire by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { entries: Mutex::default(), capacity, clock }
    }

    /// Removes all entries, as a cache may at any moment.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Stores an entry where `may_replace` allows it, and returns whether there was room.
    fn insert(
        &self,
        hash: &SessionTokenHash,
        entry: CachedSession,
        until: Timestamp,
        may_replace: fn(Option<&CachedSession>) -> bool,
    ) -> bool {
        let (now, mut entries) = (self.clock.now(), self.lock());
        if entries.len() >= self.capacity {
            entries.retain(|_, (_, until)| now < *until);
        }
        let known = entries.get(hash).filter(|(_, until)| now < *until).map(|(entry, _)| entry);
        if !may_replace(known) {
            return true;
        }
        let has_room = entries.len() < self.capacity || entries.contains_key(hash);
        if has_room {
            entries.insert(*hash, (entry, until));
        }
        has_room
    }

    fn insert_all(
        &self,
        hashes: &[SessionTokenHash],
        entry: &CachedSession,
        until: Timestamp,
        may_replace: fn(Option<&CachedSession>) -> bool,
    ) -> Result<(), StoreError> {
        let mut has_room = true;
        for hash in hashes {
            has_room &= self.insert(hash, entry.clone(), until, may_replace);
        }
        has_room.then_some(()).ok_or_else(|| StoreError::Unavailable("the session cache is full".to_owned()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionTokenHash, (CachedSession, Timestamp)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SessionCache for MemorySessionCache {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        let now = self.clock.now();
        let entries = self.lock();
        let valid = entries.get(token_hash).filter(|(_, until)| now < *until);
        Ok(valid.map(|(entry, _)| entry.clone()))
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        // Without room the session is not cached, which is no failure.
        self.insert(token_hash, CachedSession::Live(session.clone()), until, |known| known.is_none());
        Ok(())
    }

    async fn refresh(
        &self,
        token_hash: &SessionTokenHash,
        last_seen_at: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some((CachedSession::Live(live), _)) = self.lock().get_mut(token_hash) {
            live.session.last_seen_at = live.session.last_seen_at.max(last_seen_at);
        }
        Ok(())
    }

    async fn invalidate(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let has_not_ended = |known: Option<&CachedSession>| known != Some(&CachedSession::Ended);
        self.insert_all(token_hashes, &CachedSession::Invalidated, until, has_not_ended)
    }

    async fn mark_ended(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.insert_all(token_hashes, &CachedSession::Ended, until, |_| true)
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, known_session, token_hash};

    use super::*;
    use crate::ManualClock;

    #[tokio::test]
    async fn a_full_cache_takes_no_more_and_reports_only_ends() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let cache = MemorySessionCache::new(clock.clone(), 2);
        for number in 0..3 {
            cache.put(&token_hash(number), &known_session(number, at(0)), at(60)).await.unwrap();
        }
        assert_eq!(cache.read(&token_hash(2)).await, Ok(None));
        assert_eq!(cache.mark_ended(&[token_hash(1)], at(120)).await, Ok(()));
        let refused = cache.mark_ended(&[token_hash(3)], at(120)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));

        clock.set(at(62));
        assert_eq!(cache.mark_ended(&[token_hash(3)], at(182)).await, Ok(()));
        for number in [1, 3] {
            assert_eq!(cache.read(&token_hash(number)).await, Ok(Some(CachedSession::Ended)));
        }
        cache.clear();
        assert_eq!((cache.read(&token_hash(1)).await, cache.lock().len()), (Ok(None), 0));
    }
}
