//! The suite of the rate limits.

mod one_limit;
mod several_limits;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    ports::{Limit, Limits, Rate, Verdict},
    time::Timestamp,
};

use crate::{TestTime, Timed};

suite! { $
    /// Runs the cases of `Limits` on an adapter.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    limits_suite: limits on LimitsStage {
        one_limit:
            a_bucket_allows_its_burst_and_then_one_an_interval,
            a_bucket_refills_no_further_than_its_burst,
            a_fast_bucket_refills_many_times_a_second,
            a_window_starts_with_its_first_use,
            a_window_that_is_over_starts_anew,
            a_refusal_counts_nothing,
            subjects_are_counted_apart,
            a_clock_that_steps_back_gives_nothing_away,
            whether_uses_count_is_told_without_counting_one,
            a_use_that_is_given_back_can_be_taken_again;
        several_limits:
            without_limits_everything_is_allowed,
            a_use_counts_against_all_of_its_limits,
            a_refused_use_counts_against_none_of_its_limits,
            the_strictest_limit_says_when_to_come_back,
            uses_at_once_never_exceed_a_bucket,
            uses_at_once_never_exceed_a_window,
            uses_at_once_of_limits_in_any_order_never_exceed_them;
    }
}

/// One adapter with its time.
#[derive(Clone)]
pub struct LimitsStage {
    limits: Arc<dyn Limits>,
    /// When the case began.
    start: Timestamp,
}

impl LimitsStage {
    /// Makes the stage of one case from an empty adapter.
    pub fn new<L: Limits + 'static>(limits: Timed<L, impl TestTime>) -> Self {
        Self { limits: Arc::new(limits.adapter), start: limits.time.now() }
    }

    /// Returns the moment so many milliseconds after the beginning of the case.
    fn at(&self, millis: u64) -> Timestamp {
        self.start.plus(Duration::from_millis(millis))
    }

    async fn take(&self, limits: &[Limit], millis: u64) -> Verdict {
        self.limits.take(limits, self.at(millis)).await.expect("the limits work")
    }

    /// Counts one use that has to be allowed.
    async fn allowed(&self, limits: &[Limit], millis: u64) {
        assert_eq!(self.take(limits, millis).await, Verdict::Allowed, "{limits:?} after {millis} ms");
    }

    /// Tries one use that has to be refused, for so many milliseconds.
    async fn refused(&self, limits: &[Limit], millis: u64, retry_after: u64) {
        let refused = Verdict::Refused { retry_after: Duration::from_millis(retry_after) };
        assert_eq!(self.take(limits, millis).await, refused, "{limits:?} after {millis} ms");
    }
}

fn bucket(key: &str, burst: u32, every: u64) -> Limit {
    Limit { key: key.to_owned(), rate: Rate::Bucket { burst, every: Duration::from_millis(every) } }
}

fn window(key: &str, max: u32, lasts: u64) -> Limit {
    Limit { key: key.to_owned(), rate: Rate::Window { max, lasts: Duration::from_millis(lasts) } }
}
