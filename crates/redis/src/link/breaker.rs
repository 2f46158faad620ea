//! Failing at once while it is known that Redis is away.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use saoma_domain::{ports::Clock, time::Timestamp};

/// So many failures in a row open the breaker.
const FAILURES: u32 = 3;

/// How long nobody tries after a failure while it is open.
const PAUSE: Duration = Duration::from_millis(500);

/// Lets uses pass until several have failed in a row; from then on one at a time, to find out whether it works
/// again, and that only after a pause.
pub(crate) struct Breaker {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// When the last failure was, while the breaker is open.
    open_since: Option<Timestamp>,
    probing: bool,
}

/// The permission to try; without a word of what came of it, it counts as nothing.
pub(crate) struct Pass<'a> {
    breaker: &'a Breaker,
    is_probe: bool,
}

impl Breaker {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Returns the permission to try, or `None` when it would be in vain.
    pub(super) fn enter(&self) -> Option<Pass<'_>> {
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
        Some(Pass { breaker: self, is_probe })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and the state is good at any moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// Notes that Redis answered.
    pub(super) fn succeeded(self) {
        let mut state = self.breaker.lock();
        state.failures = 0;
        state.open_since = None;
    }

    /// Notes that Redis did not answer, and returns whether the breaker is open.
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

impl Drop for Pass<'_> {
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

    struct SetClock(AtomicI64);

    impl Clock for SetClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::SeqCst))
        }
    }

    fn breaker() -> (Breaker, Arc<SetClock>) {
        let clock = Arc::new(SetClock(10_000.into()));
        (Breaker::new(clock.clone()), clock)
    }

    fn open(breaker: &Breaker) {
        for _ in 0..FAILURES {
            breaker.enter().unwrap().failed();
        }
    }

    #[test]
    fn it_opens_after_failures_in_a_row_only() {
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
    fn after_a_pause_one_at_a_time_may_try() {
        let (breaker, clock) = breaker();
        open(&breaker);
        clock.0.fetch_add(500, Ordering::SeqCst);
        let probe = breaker.enter().unwrap();
        assert!(breaker.enter().is_none());
        assert!(probe.failed());
        assert!(breaker.enter().is_none(), "the pause begins anew");
        clock.0.fetch_add(500, Ordering::SeqCst);
        breaker.enter().unwrap().succeeded();
        assert!(breaker.enter().is_some() && breaker.enter().is_some());
    }

    #[test]
    fn a_late_answer_closes_it_for_everybody() {
        let (breaker, clock) = breaker();
        let late = breaker.enter().unwrap();
        open(&breaker);
        clock.0.fetch_add(500, Ordering::SeqCst);
        let _probe = breaker.enter().unwrap();
        late.succeeded();
        assert!(!breaker.enter().unwrap().failed(), "one failure is none in a row");
        assert!(breaker.enter().is_some());
    }

    #[test]
    fn a_probe_that_was_given_up_hinders_nobody() {
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
