//! Failing at once while Redis is known to be unavailable.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use saoma_domain::{ports::Clock, time::Timestamp};

/// How many failures in a row open the breaker.
const FAILURES: u32 = 3;

/// How long no request is tried after a failure while the breaker is open.
const PAUSE: Duration = Duration::from_millis(500);

/// Lets requests pass until several have failed in a row. Then it is open: after a pause it lets one request at a time
/// pass, until one succeeds.
pub(crate) struct CircuitBreaker {
    clock: Arc<dyn Clock>,
    state: Mutex<BreakerState>,
}

#[derive(Debug, Default)]
struct BreakerState {
    failures: u32,
    /// When the last failure was, while the breaker is open.
    open_since: Option<Timestamp>,
    probing: bool,
}

/// The permission to try. Dropped without a result, it counts neither as a success nor as a failure.
pub(crate) struct Permit<'a> {
    breaker: &'a CircuitBreaker,
    is_probe: bool,
}

impl CircuitBreaker {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Returns the permission to try, or `None` when the request has to fail at once.
    pub(super) fn enter(&self) -> Option<Permit<'_>> {
        let mut state = self.lock();
        let is_probe = state.open_since.is_some();
        if let Some(since) = state.open_since {
            let now = self.clock.now();
            // A clock that was set back must not hold it open.
            let pausing = since <= now && now < since.plus(PAUSE);
            if pausing || state.probing {
                return None;
            }
            state.probing = true;
        }
        Some(Permit { breaker: self, is_probe })
    }

    fn lock(&self) -> MutexGuard<'_, BreakerState> {
        // No code panics while it holds the lock, and the state is valid at any moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// Reports that Redis answered, which closes the breaker.
    pub(super) fn succeeded(self) {
        let mut state = self.breaker.lock();
        state.failures = 0;
        state.open_since = None;
    }

    /// Reports that Redis did not answer, and returns whether the breaker is open.
    pub(super) fn failed(self) -> bool {
        let mut state = self.breaker.lock();
        state.failures = state.failures.saturating_add(1);
        let opens = state.open_since.is_none() && state.failures >= FAILURES;
        if opens || self.is_probe {
            state.open_since = Some(self.breaker.clock.now());
        }
        state.open_since.is_some()
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.is_probe {
            self.breaker.lock().probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    struct ManualClock(AtomicI64);

    impl Clock for ManualClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::SeqCst))
        }
    }

    fn breaker() -> (CircuitBreaker, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock(10_000.into()));
        (CircuitBreaker::new(clock.clone()), clock)
    }

    fn open(breaker: &CircuitBreaker) {
        for _ in 0..FAILURES {
            breaker.enter().unwrap().failed();
        }
    }

    #[test]
    fn it_opens_only_after_failures_in_a_row() {
        let (breaker, _clock) = breaker();
        for _ in 0..5 {
            assert!(!breaker.enter().unwrap().failed());
            assert!(!breaker.enter().unwrap().failed());
            breaker.enter().unwrap().succeeded();
        }
        open(&breaker);
        assert!(breaker.enter().is_none());
    }

    #[test]
    fn after_a_pause_one_request_at_a_time_may_try() {
        let (breaker, clock) = breaker();
        open(&breaker);
        clock.0.fetch_add(500, Ordering::SeqCst);
        let probe = breaker.enter().unwrap();
        assert!(breaker.enter().is_none());
        assert!(probe.failed());
        assert!(breaker.enter().is_none(), "the pause starts again");
        clock.0.fetch_add(500, Ordering::SeqCst);
        breaker.enter().unwrap().succeeded();
        assert!(breaker.enter().is_some() && breaker.enter().is_some());
    }

    #[test]
    fn a_late_answer_closes_it() {
        let (breaker, clock) = breaker();
        let late = breaker.enter().unwrap();
        open(&breaker);
        clock.0.fetch_add(500, Ordering::SeqCst);
        let _probe = breaker.enter().unwrap();
        late.succeeded();
        assert!(!breaker.enter().unwrap().failed(), "one failure is not several in a row");
        assert!(breaker.enter().is_some());
    }

    #[test]
    fn a_probe_that_was_given_up_lets_the_next_one_try() {
        let (breaker, clock) = breaker();
        open(&breaker);
        clock.0.fetch_add(500, Ordering::SeqCst);
        drop(breaker.enter().unwrap());
        assert!(breaker.enter().is_some());
    }

    #[test]
    fn a_clock_that_steps_back_does_not_hold_it_open() {
        let (breaker, clock) = breaker();
        open(&breaker);
        clock.0.store(0, Ordering::SeqCst);
        assert!(breaker.enter().is_some());
    }
}
