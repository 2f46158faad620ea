//! The suite of the session cache.

mod ends;
mod entries;
mod invalidations;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    ports::{ActiveSession, CachedSession, SessionCache},
    time::Timestamp,
};

use crate::{
    TestTime, Timed,
    values::{known_session, token_hash},
};

/// How long entries live in cases that do not wait until they expire.
const TTL: Duration = Duration::from_secs(60);

/// How long entries live in cases that wait until they expire.
const SHORT: Duration = Duration::from_millis(300);

suite! { $
    /// Runs the cases of `SessionCache` on an adapter.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    session_cache_suite: session_cache on SessionCacheStage {
        entries:
            an_entry_is_read_as_it_was_put,
            nothing_is_known_of_other_sessions,
            an_entry_expires,
            an_entry_is_not_replaced,
            an_entry_that_has_expired_already_is_not_read;
        invalidations:
            an_invalidation_replaces_an_entry,
            a_session_read_before_its_invalidation_is_not_cached,
            an_invalidation_expires,
            an_invalidation_does_not_bring_an_ended_session_back;
        ends:
            an_end_replaces_an_entry,
            an_end_is_kept_where_there_is_no_entry,
            a_session_read_before_its_end_is_not_cached,
            an_end_expires,
            an_end_can_be_repeated,
            many_sessions_end_at_once_and_others_stay,
            no_end_is_lost_among_readers_that_cache_the_session,
            an_end_of_none_changes_nothing;
    }
}

/// One adapter with its time.
#[derive(Clone)]
pub struct SessionCacheStage {
    cache: Arc<dyn SessionCache>,
    time: Arc<dyn TestTime>,
}

impl SessionCacheStage {
    /// Makes the stage of one case from an empty adapter.
    pub fn new<C: SessionCache + 'static>(cache: Timed<C, impl TestTime>) -> Self {
        Self { cache: Arc::new(cache.adapter), time: Arc::new(cache.time) }
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Returns the session with this number.
    fn live(&self, number: u64) -> ActiveSession {
        known_session(number, self.now())
    }

    async fn read(&self, number: u64) -> Option<CachedSession> {
        self.cache.read(&token_hash(number)).await.expect("the cache works")
    }

    /// Returns the live entry of the session with this number.
    async fn read_live(&self, number: u64) -> Option<ActiveSession> {
        match self.read(number).await {
            Some(CachedSession::Live { active, .. }) => Some((*active).clone()),
            Some(CachedSession::Invalidated | CachedSession::Ended) | None => None,
        }
    }

    async fn put(&self, number: u64, live: &ActiveSession, ttl: Duration) -> bool {
        let now = self.now();
        self.cache.put(&token_hash(number), live, now, now.plus(ttl)).await.expect("the cache works")
    }

    /// Caches the session with this number and returns it.
    async fn cache(&self, number: u64) -> ActiveSession {
        let live = self.live(number);
        self.put(number, &live, TTL).await;
        live
    }

    async fn invalidate(&self, numbers: &[u64], ttl: Duration) {
        let hashes: Vec<_> = numbers.iter().copied().map(token_hash).collect();
        self.cache.invalidate(&hashes, self.now().plus(ttl)).await.expect("the cache works");
    }

    async fn mark_ended(&self, numbers: &[u64], ttl: Duration) {
        let hashes: Vec<_> = numbers.iter().copied().map(token_hash).collect();
        self.cache.mark_ended(&hashes, self.now().plus(ttl)).await.expect("the cache works");
    }
}
