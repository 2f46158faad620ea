//! How long to wait before a rule is tried again.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// How often a rule is tried again after the first attempt.
pub(crate) const RETRIES: u32 = 3;

const FIRST: u64 = 4;

static DRAWN: AtomicU64 = AtomicU64::new(0);

/// Returns the pause before the attempt after `attempt` (counted from 0): 4, 8, 16 ms on average, anywhere
/// from half to one and a half times that.
///
/// The spread comes from a counter, since randomness is injected in this workspace: two attempts that
/// collided draw different numbers, and that is all it takes.
pub(crate) fn pause(attempt: u32) -> Duration {
    let average = FIRST.saturating_mul(1000) << attempt.min(RETRIES);
    let drawn = DRAWN.fetch_add(1, Ordering::Relaxed).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Duration::from_micros(average / 2 + (drawn >> 32) % average)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ() {
        for (attempt, average) in [(0, 4), (1, 8), (2, 16)] {
            let (one, other) = (pause(attempt), pause(attempt));
            assert_ne!(one, other);
            for pause in [one, other] {
                assert!(pause >= Duration::from_millis(average) / 2, "{pause:?}");
                assert!(pause < Duration::from_millis(average) * 3 / 2, "{pause:?}");
            }
        }
    }
}
