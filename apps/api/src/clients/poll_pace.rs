//! Slows down a client that polls its login too often.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use saoma_domain::{login::LoginId, services::ServiceError};
use tokio::time::Instant;

/// How often one login may be asked for in vain within [`WINDOW`]: five times a second.
const POLLS: u8 = 10;

const WINDOW: Duration = Duration::from_secs(2);

const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How many locks the counts are behind, so that workers seldom want the same one.
const SHARDS: usize = 16;

/// Counts how often each login was lately asked for in vain. A login that is over is not counted: every client that asks
/// for its session gets it.
pub(crate) struct PollPace([Mutex<Polls>; SHARDS]);

/// The polls since the beginning of a window.
struct Polls {
    since: Instant,
    counts: HashMap<LoginId, u8>,
}

impl PollPace {
    pub(crate) fn new() -> Self {
        let since = Instant::now();
        Self(std::array::from_fn(|_| Mutex::new(Polls { since, counts: HashMap::new() })))
    }

    fn polls_of(&self, login: LoginId) -> MutexGuard<'_, Polls> {
        let [first, ..] = &self.0;
        // The last bytes of an id are as good as random.
        let shard = usize::from(login.as_bytes().last().copied().unwrap_or(0)) % SHARDS;
        self.0.get(shard).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts that a client asked in vain.
    pub(crate) fn count(&self, login: LoginId) {
        let mut polls = self.polls_of(login);
        let now = Instant::now();
        if now.duration_since(polls.since) >= WINDOW {
            polls.since = now;
            polls.counts.clear();
        }
        let count = polls.counts.entry(login).or_default();
        *count = count.saturating_add(1);
    }

    /// Refuses a login that was asked for too often.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`].
    pub(crate) fn check(&self, login: LoginId) -> Result<(), ServiceError> {
        let polls = self.polls_of(login);
        let is_often = polls.counts.get(&login).is_some_and(|count| *count >= POLLS);
        if is_often && polls.since.elapsed() < WINDOW {
            return Err(ServiceError::RateLimited { retry_after: RETRY_AFTER });
        }
        Ok(())
    }
}
