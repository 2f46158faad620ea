//! The suite of the entries of sessions.

mod changes;
mod ends;
mod entries;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    ports::{ActiveSession, CachedSession, SessionCache},
    time::Timestamp,
};

use crate::{
    TestTime, Timed,
    values::{known_session, token_hash},
};

/// How long entries are kept in cases that do not wait for their end.
const TTL: Duration = Duration::from_secs(60);

/// How long they are kept in those that do.
const SHORT: Duration = Duration::from_millis(300);

suite! { $
    /// Runs the cases of `SessionCache` on an adapter.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    session_copies_suite: session_cache on Stage {
        entries:
            a_copy_is_read_as_it_was_put,
            nothing_is_known_of_other_sessions,
            a_copy_is_gone_when_its_time_is_over,
            a_copy_that_is_there_stays,
            a_copy_that_is_over_already_is_not_seen,
            a_use_is_noted_and_never_moved_back,
            a_use_makes_no_copy,
            a_use_keeps_no_copy_any_longer;
        changes:
            a_change_takes_the_place_of_a_copy,
            who_read_before_a_change_puts_up_nothing,
            a_change_is_forgotten_when_its_time_is_over,
            a_change_does_not_bring_an_ended_session_back,
            a_use_is_not_noted_of_a_session_that_changed;
        ends:
            an_end_takes_the_place_of_a_copy,
            an_end_is_noted_where_there_is_no_copy,
            who_read_before_the_end_does_not_bring_the_session_back,
            a_use_does_not_bring_the_session_back,
            an_end_is_forgotten_when_its_time_is_over,
            an_end_can_be_repeated,
            many_sessions_end_at_once_and_others_stay,
            no_end_is_lost_among_readers_that_bring_copies,
            an_end_of_none_changes_nothing;
    }
}

/// One adapter with its time.
#[derive(Clone)]
pub struct Stage {
    entries: Arc<dyn SessionCache>,
    time: Arc<dyn TestTime>,
}

impl Stage {
    /// Puts an empty adapter up for one case.
    pub fn new<C: SessionCache + 'static>(entries: Timed<C, impl TestTime>) -> Self {
        Self { entries: Arc::new(entries.adapter), time: Arc::new(entries.time) }
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Returns the session with this number.
    fn live(&self, number: u64) -> ActiveSession {
        known_session(number, self.now())
    }

    async fn read(&self, number: u64) -> Option<CachedSession> {
        self.entries.read(&token_hash(number)).await.expect("the store works")
    }

    async fn put(&self, number: u64, live: &ActiveSession, ttl: Duration) {
        let until = self.now().plus(ttl);
        self.entries.put(&token_hash(number), live, until).await.expect("the store works");
    }

    /// Puts up the session with this number and returns it.
    async fn copy(&self, number: u64) -> ActiveSession {
        let live = self.live(number);
        self.put(number, &live, TTL).await;
        live
    }

    async fn refresh(&self, number: u64, at: Timestamp) {
        self.entries.refresh(&token_hash(number), at).await.expect("the store works");
    }

    async fn change(&self, numbers: &[u64], ttl: Duration) {
        let hashes: Vec<_> = numbers.iter().copied().map(token_hash).collect();
        self.entries.change(&hashes, self.now().plus(ttl)).await.expect("the store works");
    }

    async fn end(&self, numbers: &[u64], ttl: Duration) {
        let hashes: Vec<_> = numbers.iter().copied().map(token_hash).collect();
        self.entries.end(&hashes, self.now().plus(ttl)).await.expect("the store works");
    }
}
