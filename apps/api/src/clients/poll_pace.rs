//! Slows down a client that polls its login too often.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use saoma_domain::{login::LoginId, services::ServiceError};
use tokio::time::Instant;

/// How often one login may be asked for in vain within [`WINDOW`]: five times a second.
const POLLS: u8 = 10;

const WINDOW: Duration = Duration::from_secs(2);

const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Counts how often each login was lately asked for in vain. A login that is over is not counted: every client that asks
/// for its session gets it.
pub(crate) struct PollPace(Mutex<(Instant, HashMap<LoginId, u8>)>);

impl PollPace {
    pub(crate) fn new() -> Self {
        Self(Mutex::new((Instant::now(), HashMap::new())))
    }

    /// Counts that a client asked in vain.
    pub(crate) fn count(&self, login: LoginId) {
        let mut polls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, counts) = &mut *polls;
        if since.elapsed() >= WINDOW {
            *since = Instant::now();
            counts.clear();
        }
        let count = counts.entry(login).or_default();
        *count = count.saturating_add(1);
    }

    /// Refuses a login that was asked for too often.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`].
    pub(crate) fn check(&self, login: LoginId) -> Result<(), ServiceError> {
        let polls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, counts) = &*polls;
        if since.elapsed() < WINDOW && counts.get(&login).is_some_and(|count| *count >= POLLS) {
            return Err(ServiceError::RateLimited { retry_after: RETRY_AFTER });
        }
        Ok(())
    }
}
