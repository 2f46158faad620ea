//! The session cache of one process.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, Clock, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

use crate::store::Bounded;

/// The sessions that a node has checked a moment ago, and those that have ended since.
///
/// An end is kept for as long as an entry from before it could be believed, and no longer: so a node where thousands log
/// out has room for the sessions of others.
///
/// A full cache caches no further sessions; their checks query the database.
pub struct MemorySessionCache {
    pub(crate) entries: Bounded<SessionTokenHash, CachedSession>,
    live_for_at_most: Duration,
    clock: Arc<dyn Clock>,
}

impl MemorySessionCache {
    /// 100,000 sessions, about 1 KiB each.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// How late a node that has its database for itself may notice what another program did to a session there, such
    /// as a command of the operator.
    pub const ALONE: Duration = Duration::from_secs(1);

    /// Returns an empty cache for at most `capacity` sessions, which forgets by this clock and believes an entry for
    /// as long as it is told, at most `live_for_at_most`.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize, live_for_at_most: Duration) -> Self {
        Self { entries: Bounded::new(capacity), live_for_at_most, clock }
    }

    /// Returns until when an entry is kept that has to outlive each live one that was read before now.
    fn outliving(&self, until: Timestamp) -> Timestamp {
        until.min(self.clock.now().plus(self.live_for_at_most))
    }

    /// Forgets everything, as a cache may at any moment.
    pub fn clear(&self) {
        self.entries.clear();
    }

    /// Replaces entries, but those that are to be kept.
    fn replace(
        &self,
        token_hashes: &[SessionTokenHash],
        entry: &CachedSession,
        until: Timestamp,
        is_kept: impl Fn(&CachedSession) -> bool,
    ) -> Result<(), StoreError> {
        for hash in token_hashes {
            let mut write = self.entries.write(hash, self.clock.now());
            if !write.get_mut(hash).is_some_and(|entry| is_kept(entry))
                && !write.insert(*hash, entry.clone(), until)
            {
                return Err(StoreError::Unavailable("this node caches too many sessions".to_owned()));
            }
        }
        Ok(())
    }
}

#[async_trait]
impl SessionCache for MemorySessionCache {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        Ok(self.entries.lock(token_hash).get(token_hash, self.clock.now()).cloned())
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        read_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let until = until.min(read_at.plus(self.live_for_at_most));
        let mut write = self.entries.write(token_hash, now);
        if until <= now || write.get_mut(token_hash).is_some() {
            return Ok(false);
        }
        let live = CachedSession::Live { active: Arc::new(session.clone()), until };
        Ok(write.insert(*token_hash, live, until))
    }

    async fn invalidate(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let is_kept = |entry: &CachedSession| *entry == CachedSession::Ended;
        self.replace(token_hashes, &CachedSession::Invalidated, self.outliving(until), is_kept)
    }

    async fn mark_ended(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.replace(token_hashes, &CachedSession::Ended, self.outliving(until), |_| false)
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, known_session, token_hash};
    use saoma_testing::ManualClock;

    use super::*;

    #[tokio::test]
    async fn a_node_alone_believes_its_cache_for_a_second() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let cache = MemorySessionCache::new(clock.clone(), 9, MemorySessionCache::ALONE);
        cache.put(&token_hash(1), &known_session(1, at(0)), at(0), at(60)).await.unwrap();
        clock.set(Timestamp::from_millis(at(1).as_millis() - 1));
        assert!(cache.read(&token_hash(1)).await.unwrap().is_some());
        clock.set(at(1));
        assert_eq!(cache.read(&token_hash(1)).await, Ok(None));
    }

    #[tokio::test]
    async fn a_node_alone_keeps_an_end_for_as_long_as_it_would_have_believed_the_session() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let cache = MemorySessionCache::new(clock.clone(), 1, MemorySessionCache::ALONE);
        cache.mark_ended(&[token_hash(1)], at(0).plus(CachedSession::ENDED_TTL)).await.unwrap();
        clock.set(at(2));
        let (late, other) = (known_session(1, at(0)), known_session(2, at(2)));
        assert_eq!(cache.put(&token_hash(1), &late, at(0), at(60)).await, Ok(false), "read before its end");
        assert_eq!(cache.put(&token_hash(2), &other, at(2), at(60)).await, Ok(true), "there is room");
    }

    #[tokio::test]
    async fn a_full_cache_still_ends_what_it_has() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let cache = MemorySessionCache::new(clock, 1, Duration::MAX);
        for number in 1..=2 {
            cache.put(&token_hash(number), &known_session(number, at(0)), at(0), at(60)).await.unwrap();
        }
        assert_eq!(cache.read(&token_hash(2)).await, Ok(None));
        cache.mark_ended(&[token_hash(1)], at(60)).await.unwrap();
        assert_eq!(cache.read(&token_hash(1)).await, Ok(Some(CachedSession::Ended)));
        let refused = cache.mark_ended(&[token_hash(2)], at(60)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "to be tried again");
    }
}
