//! The time in the simulated WeChat.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use saoma_domain::ports::Clock as ClockPort;
use saoma_domain::time::Timestamp;

/// The clock of the simulated WeChat, in Unix seconds. Tokens, QR codes and signatures go by it.
pub struct Clock {
    base: Arc<dyn ClockPort>,
    shift_s: AtomicI64,
}

impl Clock {
    /// Makes a clock that goes with another one, such as that of the service: one clock for both.
    pub fn shared(base: Arc<dyn ClockPort>) -> Self {
        Self { base, shift_s: AtomicI64::new(0) }
    }

    /// Makes a clock that goes with the machine's, `offset_s` seconds ahead of it (behind, when negative).
    pub fn system(offset_s: i64) -> Self {
        Self { base: Arc::new(Machine), shift_s: AtomicI64::new(offset_s) }
    }

    /// Makes a clock that stands at a moment until it is advanced.
    pub fn standing_at(unix_s: i64) -> Self {
        Self { base: Arc::new(Standing), shift_s: AtomicI64::new(unix_s) }
    }

    /// Moves the clock forward by whole seconds.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        self.shift_s.fetch_add(by, Ordering::Relaxed);
    }

    /// Returns the Unix time in seconds.
    pub fn now(&self) -> i64 {
        self.base.now().as_secs().saturating_add(self.shift_s.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// The machine's clock.
struct Machine;

impl ClockPort for Machine {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(machine_time())
    }
}

/// A clock that does not go.
struct Standing;

impl ClockPort for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(0)
    }
}

/// Returns the machine's Unix time in seconds.
#[expect(clippy::disallowed_methods, reason = "every other module takes the time from here")]
pub(crate) fn machine_time() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl ClockPort for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::from_secs(1000)
        }
    }

    #[test]
    fn a_clock_goes_with_the_one_that_it_shares_and_can_be_put_ahead_of_it() {
        let clock = Clock::shared(Arc::new(Fixed));
        assert_eq!(clock.now(), 1000);
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), 1005);
        assert_eq!(Clock::standing_at(7).now(), 7);
    }
}
