//! The time in the simulated WeChat.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The clock of the simulated WeChat, in Unix seconds. Tokens, QR codes and signatures go by it.
#[derive(Debug)]
pub struct Clock {
    ticks: bool,
    shift_s: AtomicI64,
}

impl Clock {
    /// Makes a clock that goes with the machine's, `offset_s` seconds ahead of it (behind, when negative).
    pub fn system(offset_s: i64) -> Self {
        Self { ticks: true, shift_s: AtomicI64::new(offset_s) }
    }

    /// Makes a clock that stands at a moment until it is advanced.
    pub fn standing_at(unix_s: i64) -> Self {
        Self { ticks: false, shift_s: AtomicI64::new(unix_s) }
    }

    /// Moves the clock forward by whole seconds.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        self.shift_s.fetch_add(by, Ordering::Relaxed);
    }

    /// Returns the Unix time in seconds.
    pub fn now(&self) -> i64 {
        let base = if self.ticks { machine_time() } else { 0 };
        base.saturating_add(self.shift_s.load(Ordering::Relaxed))
    }
}

/// Returns the machine's Unix time in seconds.
#[expect(clippy::disallowed_methods, reason = "every other module takes the time from here")]
pub(crate) fn machine_time() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}
