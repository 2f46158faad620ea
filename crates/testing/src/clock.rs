//! A clock that stands still until it is moved.

use std::{
    fmt,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use saoma_domain::{ports::Clock, time::Timestamp};

/// What is done each time a clock was moved.
type OnMove = Box<dyn Fn() + Send + Sync>;

/// A clock for tests: it shows what it was set to, and tells those who wait when it was moved.
pub struct ManualClock {
    now: AtomicI64,
    on_move: RwLock<Vec<OnMove>>,
}

impl ManualClock {
    /// Returns a clock that shows this moment.
    pub const fn new(now: Timestamp) -> Self {
        Self { now: AtomicI64::new(now.as_millis()), on_move: RwLock::new(Vec::new()) }
    }

    /// Does this each time the clock was moved, such as to wake those who wait for a moment that may have come.
    pub fn on_move(&self, wake: impl Fn() + Send + Sync + 'static) {
        self.on_move.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(wake));
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.as_millis(), Ordering::SeqCst);
        self.moved();
    }

    /// Moves the clock forwards, to the end of time at the most.
    pub fn advance(&self, by: Duration) {
        let moved = |now| Some(Timestamp::from_millis(now).plus(by).as_millis());
        // It always moves: the closure never declines.
        let _ = self.now.fetch_update(Ordering::SeqCst, Ordering::SeqCst, moved);
        self.moved();
    }

    fn moved(&self) {
        self.on_move.read().unwrap_or_else(PoisonError::into_inner).iter().for_each(|wake| wake());
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::SeqCst))
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_clock_shows_what_it_was_set_to() {
        let clock = ManualClock::new(Timestamp::from_secs(10));
        assert_eq!(clock.now(), Timestamp::from_secs(10));
        clock.advance(Duration::from_millis(1500));
        assert_eq!(clock.now(), Timestamp::from_millis(11_500));
        clock.set(Timestamp::from_secs(1));
        assert_eq!(clock.now(), Timestamp::from_secs(1));
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::from_millis(i64::MAX));
    }

    #[test]
    fn those_who_wait_are_told_once_the_clock_shows_the_new_time() {
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(10)));
        let (seen, shown) = (Arc::new(ManualClock::new(Timestamp::from_secs(0))), Arc::downgrade(&clock));
        let note = Arc::clone(&seen);
        clock.on_move(move || shown.upgrade().into_iter().for_each(|clock| note.set(clock.now())));
        clock.advance(Duration::from_secs(1));
        assert_eq!(seen.now(), Timestamp::from_secs(11));
        clock.set(Timestamp::from_secs(5));
        assert_eq!(seen.now(), Timestamp::from_secs(5));
    }
}
