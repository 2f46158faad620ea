//! The suite of the funnel.

mod counts;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    ports::{Funnel, FunnelCount, FunnelPeriod, LoginStep, Pruning},
    time::Timestamp,
};

use crate::values::{app, at};

const HOUR: Duration = Duration::from_secs(60 * 60);

suite! { $
    /// Runs the cases of `Funnel` on a store that also implements `Pruning`.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    funnel_suite: funnel on FunnelStage {
        counts:
            counts_add_up_by_hour_and_by_day,
            callers_at_once_lose_nothing,
            hours_go_before_days;
    }
}

/// One store.
#[derive(Clone)]
pub struct FunnelStage {
    funnel: Arc<dyn Funnel>,
    pruning: Arc<dyn Pruning>,
}

impl FunnelStage {
    /// Puts a fresh store up for one case.
    pub fn new<C: Funnel + Pruning + 'static>(store: C) -> Self {
        let store = Arc::new(store);
        Self { funnel: store.clone(), pruning: store }
    }

    async fn add(&self, counts: Vec<FunnelCount>) {
        self.funnel.add_counts(counts).await.expect("the store works");
    }

    /// Returns the steps with their counts of the periods around the beginning of time.
    async fn counted(&self, period: FunnelPeriod) -> Vec<(Timestamp, LoginStep, u64)> {
        let (from, to) = (at(0).minus(HOUR * 48), at(0).plus(HOUR * 48));
        let found = self.funnel.counts(period, from, to).await.expect("the store works");
        found.into_iter().map(|count| (count.begins_at, count.step, count.count)).collect()
    }
}

fn count(at: Timestamp, step: LoginStep, count: u64) -> FunnelCount {
    let (channel, purpose) = ("official_account".to_owned(), "web".to_owned());
    FunnelCount { begins_at: at, channel, app: app("main"), purpose, step, count }
}
