//! A rate in the numbers that the scripts count with.

use saoma_domain::{ports::Rate, time::Timestamp};

/// Ten years: a longer span is cut to it, so that sums stay exact.
const LONGEST: u128 = 10 * 365 * 24 * 60 * 60 * 1_000_000;

/// What the scripts know of a rate. Times are microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) kind: &'static str,
    /// How much a bucket holds, as a time; or how many uses a window allows.
    pub(super) size: u64,
    /// How much one use takes out of a bucket; or how long a window lasts.
    pub(super) span: u64,
}

impl Measure {
    pub(super) fn of(rate: Rate) -> Self {
        match rate {
            Rate::Bucket { burst, every } => {
                // Rounded up, so that no bucket refills a fraction too early.
                let span = every.as_nanos().div_ceil(1000).min(LONGEST);
                let size = span.saturating_mul(burst.max(1).into()).min(10 * LONGEST);
                Self { kind: "b", size: whole(size), span: whole(span) }
            }
            Rate::Window { max, lasts } => {
                let span = lasts.as_nanos().div_ceil(1000).min(LONGEST);
                Self { kind: "w", size: max.max(1).into(), span: whole(span) }
            }
        }
    }
}

/// Returns a moment in microseconds since the Unix epoch; one before it counts as the epoch.
pub(super) fn micros_of(at: Timestamp) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or(0).saturating_mul(1000)
}

fn whole(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Above this Lua cannot represent every whole number.
    const EXACT: u64 = 1 << 53;

    #[test]
    fn a_fraction_of_a_microsecond_is_rounded_up() {
        let every = Duration::from_nanos(1001);
        let bucket = Measure::of(Rate::Bucket { burst: 3, every });
        assert_eq!(bucket, Measure { kind: "b", size: 6, span: 2 });
        let window = Measure::of(Rate::Window { max: 0, lasts: every });
        assert_eq!(window, Measure { kind: "w", size: 1, span: 2 });
    }

    #[test]
    fn the_largest_rates_stay_exact() {
        let now = micros_of(Timestamp::from_secs(4_000_000_000));
        let bucket = Measure::of(Rate::Bucket { burst: u32::MAX, every: Duration::MAX });
        assert!(now + bucket.size + bucket.span < EXACT);
        let window = Measure::of(Rate::Window { max: u32::MAX, lasts: Duration::MAX });
        assert!(now + window.span < EXACT);
    }
}
