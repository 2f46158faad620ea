//! How one limit counts.

use std::time::Duration;

use saoma_domain::{ports::Rate, time::Timestamp};

const NANOS_PER_MILLI: i128 = 1_000_000;

/// How much of a limit is used up. A limit without a usage is unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    /// When the bucket is full again, in nanoseconds since the Unix epoch.
    Bucket { full_at: i128 },
    /// When the window started, and how often it was used.
    Window { started: Timestamp, used: u32 },
}

impl Usage {
    /// Returns the usage after one more use, or how long that one is refused.
    ///
    /// A usage of another kind of limit counts as none.
    pub(super) fn after_another(usage: Option<&Self>, rate: Rate, now: Timestamp) -> Result<Self, Duration> {
        match (rate, usage) {
            (Rate::Bucket { burst, every }, Some(Self::Bucket { full_at })) => {
                pour(burst, every, (*full_at).max(nanos(now)), now)
            }
            (Rate::Bucket { burst, every }, Some(Self::Window { .. }) | None) => {
                pour(burst, every, nanos(now), now)
            }
            (Rate::Window { max, lasts }, Some(Self::Window { started, used })) => {
                let (started, used) = (*started, *used);
                if used >= max.max(1) {
                    return Err(started.plus(lasts).saturating_duration_since(now));
                }
                Ok(Self::Window { started, used: used + 1 })
            }
            (Rate::Window { .. }, Some(Self::Bucket { .. }) | None) => {
                Ok(Self::Window { started: now, used: 1 })
            }
        }
    }

    /// Returns the usage without a use that was counted at a moment; unchanged where a later window counts.
    pub(super) fn without(self, rate: Rate, counted_at: Timestamp) -> Self {
        match (self, rate) {
            (Self::Bucket { full_at }, Rate::Bucket { every, .. }) => {
                let every = i128::try_from(every.as_nanos()).unwrap_or(i64::MAX.into());
                Self::Bucket { full_at: full_at.saturating_sub(every) }
            }
            (Self::Window { started, used }, Rate::Window { .. }) if started <= counted_at => {
                Self::Window { started, used: used.saturating_sub(1) }
            }
            (
                usage @ (Self::Bucket { .. } | Self::Window { .. }),
                Rate::Bucket { .. } | Rate::Window { .. },
            ) => usage,
        }
    }

    /// Returns when all uses have expired, so that the usage need not be kept.
    pub(super) fn expires_at(self, rate: Rate) -> Timestamp {
        match (self, rate) {
            (Self::Bucket { full_at }, _) => {
                let millis = full_at.div_euclid(NANOS_PER_MILLI) + 1;
                Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
            }
            (
                Self::Window { started, .. },
                Rate::Window { lasts, .. } | Rate::Bucket { every: lasts, .. },
            ) => started.plus(lasts),
        }
    }
}

/// Takes a use out of a bucket that would be full at a moment.
///
/// This is the generic cell rate algorithm: a bucket is described by the moment at which it will be full.
fn pour(burst: u32, every: Duration, full_at: i128, now: Timestamp) -> Result<Usage, Duration> {
    let every = i128::try_from(every.as_nanos()).unwrap_or(i64::MAX.into());
    let full_at = full_at.saturating_add(every);
    let holds = every.saturating_mul(burst.max(1).into());
    let too_soon = full_at - nanos(now) - holds;
    if too_soon > 0 {
        return Err(Duration::from_nanos(u64::try_from(too_soon).unwrap_or(u64::MAX)));
    }
    Ok(Usage::Bucket { full_at })
}

fn nanos(at: Timestamp) -> i128 {
    i128::from(at.as_millis()) * NANOS_PER_MILLI
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_763_610_000);

    #[test]
    fn a_usage_of_another_kind_counts_as_none() {
        let bucket = Rate::Bucket { burst: 1, every: Duration::from_secs(1) };
        let window = Rate::Window { max: 1, lasts: Duration::from_secs(1) };
        let used_bucket = Usage::after_another(None, bucket, NOW).unwrap();
        let used_window = Usage::after_another(None, window, NOW).unwrap();
        assert_eq!(Usage::after_another(Some(&used_window), bucket, NOW), Ok(used_bucket));
        assert_eq!(Usage::after_another(Some(&used_bucket), window, NOW), Ok(used_window));
    }

    #[test]
    fn a_bucket_that_was_full_long_ago_holds_no_more_than_its_burst() {
        let rate = Rate::Bucket { burst: 2, every: Duration::from_secs(1) };
        let used = Usage::after_another(None, rate, NOW).unwrap();
        let later = NOW.plus(Duration::from_secs(3600));
        assert_eq!(Usage::after_another(Some(&used), rate, later), Usage::after_another(None, rate, later));
    }

    #[test]
    fn a_bucket_refills_in_fractions_of_a_millisecond() {
        let rate = Rate::Bucket { burst: 3, every: Duration::from_micros(400) };
        let mut usage = None;
        for _ in 0..3 {
            usage = Some(Usage::after_another(usage.as_ref(), rate, NOW).unwrap());
        }
        let refused = Usage::after_another(usage.as_ref(), rate, NOW);
        assert_eq!(refused, Err(Duration::from_micros(400)));
        let a_millisecond_later = NOW.plus(Duration::from_millis(1));
        assert!(Usage::after_another(usage.as_ref(), rate, a_millisecond_later).is_ok());
    }

    #[test]
    fn rates_beyond_measure_do_not_overflow() {
        let end = Timestamp::from_millis(i64::MAX);
        for now in [NOW, end] {
            let bucket = Rate::Bucket { burst: u32::MAX, every: Duration::MAX };
            let usage = Usage::after_another(None, bucket, now).unwrap();
            assert_eq!(usage.expires_at(bucket), end);
            assert!(Usage::after_another(Some(&usage), bucket, now).is_ok());
            let window = Rate::Window { max: u32::MAX, lasts: Duration::MAX };
            assert_eq!(Usage::after_another(None, window, now).unwrap().expires_at(window), end);
        }
    }
}
