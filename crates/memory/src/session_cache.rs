//! The copies of sessions of one process, and the lack of any.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, Clock, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

use crate::store::{Expiring, Quota, SWEPT_AT_ONCE, SWEPT_WHEN_FULL, Sharded};

/// No copies at all: every check asks the database.
///
/// For a service without a shared store: a process of its own cannot tell others that a session was ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSessionCache;

#[async_trait]
impl SessionCache for NoSessionCache {
    async fn read(&self, _: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        Ok(None)
    }

    async fn put(&self, _: &SessionTokenHash, _: &ActiveSession, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn refresh(&self, _: &SessionTokenHash, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn change(&self, _: &[SessionTokenHash], _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn end(&self, _: &[SessionTokenHash], _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Copies of sessions that nodes in one process share, for tests.
///
/// When it is full it takes no more copies, and refuses to note the end of a session that it does not know.
pub struct MemorySessionCache {
    shards: Sharded<Expiring<SessionTokenHash, CachedSession>>,
    entries: Quota,
    clock: Arc<dyn Clock>,
}

impl MemorySessionCache {
    /// Room for 100,000 sessions, some 1,000 bytes each.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Returns an empty store for at most `capacity` sessions that forgets by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { shards: Sharded::default(), entries: Quota::new(capacity), clock }
    }

    /// Forgets everything, as copies may at any moment.
    pub fn clear(&self) {
        for mut shard in self.shards.each() {
            self.entries.give_back(shard.clear());
        }
    }

    /// Keeps an entry where `may_replace` allows it, and returns whether there was room.
    fn keep(
        &self,
        hash: &SessionTokenHash,
        copy: CachedSession,
        until: Timestamp,
        may_replace: fn(Option<&CachedSession>) -> bool,
    ) -> bool {
        let now = self.clock.now();
        if self.entries.is_used_up() {
            self.reconcile(now);
        }
        let mut shard = self.shards.lock(hash);
        self.entries.give_back(shard.reconcile(now, SWEPT_AT_ONCE));
        if !may_replace(shard.get(hash, now)) {
            return true;
        }
        let has_place = shard.holds(hash) || self.entries.take(1);
        if has_place {
            shard.insert(*hash, copy, until);
        }
        has_place
    }

    fn keep_all(
        &self,
        hashes: &[SessionTokenHash],
        copy: &CachedSession,
        until: Timestamp,
        may_replace: fn(Option<&CachedSession>) -> bool,
    ) -> Result<(), StoreError> {
        let mut kept = true;
        for hash in hashes {
            kept &= self.keep(hash, copy.clone(), until, may_replace);
        }
        kept.then_some(()).ok_or_else(|| StoreError::Unavailable("too many sessions are kept".to_owned()))
    }

    fn reconcile(&self, now: Timestamp) {
        for mut shard in self.shards.each() {
            self.entries.give_back(shard.reconcile(now, SWEPT_WHEN_FULL));
        }
    }
}

#[async_trait]
impl SessionCache for MemorySessionCache {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        Ok(self.shards.lock(token_hash).get(token_hash, self.clock.now()).cloned())
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        // Without room there is no copy, which nobody has to know.
        self.keep(token_hash, CachedSession::Live(session.clone()), until, |known| known.is_none());
        Ok(())
    }

    async fn refresh(
        &self,
        token_hash: &SessionTokenHash,
        last_seen_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut shard = self.shards.lock(token_hash);
        if let Some(CachedSession::Live(live)) = shard.get_mut(token_hash, self.clock.now()) {
            live.session.last_seen_at = live.session.last_seen_at.max(last_seen_at);
        }
        Ok(())
    }

    async fn change(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        let is_open = |known: Option<&CachedSession>| known != Some(&CachedSession::Ended);
        self.keep_all(token_hashes, &CachedSession::Changed, until, is_open)
    }

    async fn end(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        self.keep_all(token_hashes, &CachedSession::Ended, until, |_| true)
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, known_session, token_hash};

    use super::*;
    use crate::ManualClock;

    #[tokio::test]
    async fn a_full_store_takes_no_more_and_says_so_of_ends_only() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let copies = MemorySessionCache::new(clock.clone(), 2);
        for number in 0..3 {
            copies.put(&token_hash(number), &known_session(number, at(0)), at(60)).await.unwrap();
        }
        assert_eq!(copies.read(&token_hash(2)).await, Ok(None));
        assert_eq!(copies.end(&[token_hash(1)], at(120)).await, Ok(()));
        let refused = copies.end(&[token_hash(3)], at(120)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));

        clock.set(at(62));
        assert_eq!(copies.end(&[token_hash(3)], at(182)).await, Ok(()));
        for number in [1, 3] {
            assert_eq!(copies.read(&token_hash(number)).await, Ok(Some(CachedSession::Ended)));
        }
        copies.clear();
        assert_eq!((copies.read(&token_hash(1)).await, copies.entries.taken()), (Ok(None), 0));
    }
}
