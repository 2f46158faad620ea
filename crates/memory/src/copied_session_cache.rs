//! A shared session cache with the copies of this node in front of it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, Clock, InvalidationSink, SessionCache, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

use crate::store::Copies;

/// How long a copy is believed of which no invalidation was heard: [`SessionCache`] allows a second, after which an ended
/// session is refused by every node also where the message of its end was lost.
const BELIEVED_FOR: Duration = Duration::from_secs(1);

/// What a node has read of the shared session cache, or written there, in the last second.
pub struct SessionCopies {
    pub(crate) copies: Copies<SessionTokenHash, CachedSession>,
}

impl SessionCopies {
    /// 20,000 sessions, about 1 KiB each.
    pub const DEFAULT_CAPACITY: usize = 20_000;

    /// Makes no copies yet: the node has to hear of invalidations first.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { copies: Copies::new(clock, capacity, BELIEVED_FOR) }
    }
}

impl InvalidationSink for SessionCopies {
    fn invalidated(&self, token_hash: &SessionTokenHash) {
        self.copies.drop_one(token_hash);
    }

    fn invalidated_all(&self) {
        self.copies.listen();
    }

    fn lost(&self) {
        self.copies.stop_listening();
    }
}

/// The session cache that nodes share, with the copies of this node in front of it: a session that is checked often costs
/// the shared cache one read a second, while the node hears of invalidations.
pub struct CopiedSessionCache<S> {
    shared: S,
    own: Arc<SessionCopies>,
}

impl<S: SessionCache> CopiedSessionCache<S> {
    /// Puts the node's copies in front of a shared cache, which has to invalidate them.
    pub fn new(shared: S, own: Arc<SessionCopies>) -> Self {
        Self { shared, own }
    }

    /// Drops the copies of sessions that the shared cache was told of, also where it did not take it: before that a read of
    /// it could have brought the copy back.
    fn drop_all(&self, token_hashes: &[SessionTokenHash]) {
        for hash in token_hashes {
            self.own.copies.drop_one(hash);
        }
    }
}

#[async_trait]
impl<S: SessionCache> SessionCache for CopiedSessionCache<S> {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        let copies = &self.own.copies;
        if let Some(copy) = copies.get(token_hash) {
            return Ok(Some(copy));
        }
        let begun = copies.read_begins(token_hash);
        let read = self.shared.read(token_hash).await?;
        if let Some(live @ CachedSession::Live { until, .. }) = &read {
            copies.keep(token_hash, live.clone(), begun, *until);
        }
        Ok(read)
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        read_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let copies = &self.own.copies;
        let begun = copies.read_begins(token_hash);
        let is_cached = self.shared.put(token_hash, session, read_at, until).await?;
        if is_cached {
            let live = CachedSession::Live { active: Arc::new(session.clone()), until };
            copies.keep(token_hash, live, begun, until);
        }
        Ok(is_cached)
    }

    async fn invalidate(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let invalidated = self.shared.invalidate(token_hashes, until).await;
        self.drop_all(token_hashes);
        invalidated
    }

    async fn mark_ended(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let marked = self.shared.mark_ended(token_hashes, until).await;
        self.drop_all(token_hashes);
        marked
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, known_session, token_hash};
    use saoma_domain::ports::MockSessionCache;
    use saoma_testing::ManualClock;

    use super::*;

    /// Returns a cache whose shared part is read `times` times and has a live entry until a minute is over.
    fn read_shared(
        times: usize,
    ) -> (CopiedSessionCache<MockSessionCache>, Arc<SessionCopies>, Arc<ManualClock>) {
        let mut shared = MockSessionCache::new();
        let live = CachedSession::Live { active: Arc::new(known_session(1, at(0))), until: at(60) };
        shared.expect_read().times(times).returning(move |_| Ok(Some(live.clone())));
        shared.expect_mark_ended().returning(|_, _| Err(StoreError::Unavailable("away".to_owned())));
        let clock = Arc::new(ManualClock::new(at(0)));
        let copies = Arc::new(SessionCopies::new(clock.clone(), 9));
        (CopiedSessionCache::new(shared, copies.clone()), copies, clock)
    }

    #[tokio::test]
    async fn a_session_that_this_node_cached_is_not_read_again_unless_there_was_an_entry() {
        for (is_cached, reads) in [(true, 0), (false, 1)] {
            let mut shared = MockSessionCache::new();
            shared.expect_put().times(1).returning(move |_, _, _, _| Ok(is_cached));
            shared.expect_read().times(reads).returning(|_| Ok(Some(CachedSession::Ended)));
            let copies = Arc::new(SessionCopies::new(Arc::new(ManualClock::new(at(0))), 9));
            let cache = CopiedSessionCache::new(shared, copies.clone());
            copies.invalidated_all();
            let session = known_session(1, at(0));
            assert_eq!(cache.put(&token_hash(1), &session, at(0), at(60)).await, Ok(is_cached));
            let read = cache.read(&token_hash(1)).await.unwrap();
            assert_eq!(matches!(read, Some(CachedSession::Live { .. })), is_cached, "{read:?}");
        }
    }

    #[tokio::test]
    async fn checks_of_a_node_that_hears_of_invalidations_read_the_shared_cache_once_a_second() {
        let (cache, copies, clock) = read_shared(2);
        copies.invalidated_all();
        for _ in 0..100 {
            assert!(cache.read(&token_hash(1)).await.unwrap().is_some());
        }
        clock.set(at(1));
        assert!(cache.read(&token_hash(1)).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_node_that_does_not_hear_of_invalidations_reads_the_shared_cache_each_time() {
        let (cache, copies, _clock) = read_shared(4);
        for lost in [false, true] {
            if lost {
                copies.invalidated_all();
                copies.lost();
            }
            for _ in 0..2 {
                cache.read(&token_hash(1)).await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn an_invalidation_that_was_heard_of_or_made_here_drops_the_copy() {
        let (cache, copies, _clock) = read_shared(3);
        copies.invalidated_all();
        cache.read(&token_hash(1)).await.unwrap();
        copies.invalidated(&token_hash(1));
        cache.read(&token_hash(1)).await.unwrap();
        assert!(cache.mark_ended(&[token_hash(1)], at(60)).await.is_err());
        cache.read(&token_hash(1)).await.unwrap();
    }

    #[tokio::test]
    async fn a_copy_is_believed_no_longer_than_its_entry() {
        let (cache, copies, clock) = read_shared(2);
        copies.invalidated_all();
        clock.set(Timestamp::from_millis(at(60).as_millis() - 1));
        cache.read(&token_hash(1)).await.unwrap();
        clock.set(at(60));
        cache.read(&token_hash(1)).await.unwrap();
    }
}
