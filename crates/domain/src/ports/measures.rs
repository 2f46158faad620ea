//! How long calls of other systems take, for those who watch the service.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The upper bounds of the buckets, in milliseconds; what takes longer is counted by the last one, which has none.
const BOUNDS_MS: [u64; 13] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/// How long calls of one kind took. Counting one takes no lock.
#[derive(Debug, Default)]
pub struct CallTimes {
    buckets: [AtomicU64; BOUNDS_MS.len() + 1],
    sum_micros: AtomicU64,
}

impl CallTimes {
    /// Counts a call.
    pub fn observe(&self, took: Duration) {
        let at = BOUNDS_MS.iter().position(|bound| took <= Duration::from_millis(*bound));
        if let Some(bucket) = self.buckets.get(at.unwrap_or(BOUNDS_MS.len())) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Returns what was counted so far.
    pub fn counted(&self) -> CountedTimes {
        let counts: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        let bounds = BOUNDS_MS.iter().map(|bound| Duration::from_millis(*bound).as_secs_f64());
        let sum = Duration::from_micros(self.sum_micros.load(Ordering::Relaxed)).as_secs_f64();
        CountedTimes {
            count: counts.iter().sum(),
            buckets: bounds.chain([f64::MAX]).zip(counts).collect(),
            sum_secs: sum,
        }
    }
}

/// How long calls of one kind took, at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedTimes {
    /// The upper bound of each bucket in seconds, and how many calls are in it alone.
    pub buckets: Vec<(f64, u64)>,
    /// How many calls there were.
    pub count: u64,
    /// How long they took together, in seconds.
    pub sum_secs: f64,
}

/// A kind of calls, with how long they took.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What is called.
    pub system: MeasuredSystem,
    /// Which calls: names of labels and their values.
    pub labels: Vec<(&'static str, String)>,
    /// How long they took.
    pub times: CountedTimes,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasuredSystem {
    /// The database.
    Database,
    /// Redis.
    Store,
    /// WeChat.
    Wechat,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_in_one_bucket() {
        let times = CallTimes::default();
        for millis in [0, 1, 3, 700, 60_000] {
            times.observe(Duration::from_millis(millis));
        }
        let counted = times.counted();
        let of = |bound: f64| counted.buckets.iter().find(|(upper, _)| *upper == bound).unwrap().1;
        assert_eq!((of(0.001), of(0.005), of(1.0), of(f64::MAX)), (2, 1, 1, 1));
        assert_eq!(counted.count, 5);
        assert!((counted.sum_secs - 60.704).abs() < 1e-6, "{}", counted.sum_secs);
    }
}
