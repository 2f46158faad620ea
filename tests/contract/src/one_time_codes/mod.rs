//! The suite of one-time codes.

mod races;

use std::sync::Arc;

use saoma_domain::{
    ports::{CodeHash, OneTimeCodes, Pruning, Redemption},
    time::Timestamp,
};

use crate::patiently;

suite! { $
    /// Runs the cases of `OneTimeCodes` on a store that also implements `Pruning`.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    one_time_codes_suite: one_time_codes on OneTimeCodesStage {
        races:
            the_first_one_has_the_code_for_good,
            the_same_one_is_told_of_a_repetition,
            each_code_is_redeemed_for_itself,
            of_fifty_at_once_one_is_the_first,
            the_same_one_fifty_times_at_once_is_the_first_once,
            many_codes_can_be_redeemed_at_once,
            a_redeemed_code_is_kept_until_its_time_is_over,
            a_redeemed_code_is_kept_as_long_as_a_repetition_needs_it,
            redeemed_codes_are_pruned_in_batches;
    }
}

/// One store.
#[derive(Clone)]
pub struct OneTimeCodesStage {
    one_time_codes: Arc<dyn OneTimeCodes>,
    pruning: Arc<dyn Pruning>,
}

impl OneTimeCodesStage {
    /// Puts a fresh store up for one case.
    pub fn new<C: OneTimeCodes + Pruning + 'static>(store: C) -> Self {
        let store = Arc::new(store);
        Self { one_time_codes: store.clone(), pruning: store }
    }

    /// Redeems the code with this number for the login with this number.
    async fn redeem(&self, code: u64, by: u64, until: Timestamp) -> Redemption {
        let what = CodeHash::of("code", &[&code.to_be_bytes()]);
        let by = CodeHash::of("login", &[&by.to_be_bytes()]);
        patiently(|| self.one_time_codes.redeem(what, by, until)).await
    }

    async fn prune(&self, now: Timestamp, batch: u32) -> u64 {
        self.pruning.prune(now, batch).await.expect("the store works")
    }
}
