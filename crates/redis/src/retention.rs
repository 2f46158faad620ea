//! How long Redis keeps an entry.

use std::time::Duration;

use saoma_domain::time::Timestamp;

/// How much longer than its lifetime an entry is kept that carries its own deadline: the clocks of nodes differ by up to a
/// second.
pub(crate) const MARGIN: Duration = Duration::from_secs(5);

/// How long an entry is kept at most, whatever its deadline.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Returns for how many milliseconds an entry is kept that carries its own deadline.
pub(crate) fn with_margin(until: Timestamp, now: Timestamp) -> u64 {
    let kept = (until.saturating_duration_since(now).min(LONGEST) + MARGIN).as_millis();
    u64::try_from(kept).unwrap_or(u64::MAX)
}

/// Returns for how many milliseconds an entry is kept that carries no deadline; `None` when it has expired.
pub(crate) fn exact(until: Timestamp, now: Timestamp) -> Option<u64> {
    let left = until.saturating_duration_since(now).as_millis();
    u64::try_from(left).ok().filter(|left| *left > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_kept_a_little_longer_than_it_lives_and_never_for_ever() {
        let now = Timestamp::from_secs(1_763_610_000);
        assert_eq!(with_margin(now.plus(Duration::from_secs(120)), now), 125_000);
        assert_eq!(with_margin(Timestamp::from_millis(0), now), 5_000);
        assert_eq!(with_margin(Timestamp::from_millis(i64::MAX), now), 34_560_005_000);
    }

    #[test]
    fn an_expired_entry_is_not_kept() {
        let now = Timestamp::from_secs(1_763_610_000);
        assert_eq!(exact(now.plus(Duration::from_millis(1)), now), Some(1));
        assert_eq!(exact(now, now), None);
    }
}
