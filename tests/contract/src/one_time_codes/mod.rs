//! The suite of what may be used once.

mod races;

use std::sync::Arc;

use saoma_domain::{
    ports::{CodeHash, OneTimeCodes, Pruning, Redemption},
    time::Timestamp,
};

suite! { $
    /// Runs the cases of `OneTimeCodes` on a store that also implements `Pruning`.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    claims_suite: one_time_codes on Stage {
        races:
            who_comes_first_has_it_for_good,
            who_claims_again_is_told_so,
            everything_is_claimed_for_itself,
            of_fifty_claimants_at_once_one_is_the_first,
            one_claimant_fifty_times_at_once_is_the_first_once,
            many_things_can_be_claimed_at_once,
            a_claim_is_kept_until_its_time_is_over,
            a_claim_is_kept_as_long_as_whoever_claims_again_needs_it,
            claims_are_pruned_in_batches;
    }
}

/// One store.
#[derive(Clone)]
pub struct Stage {
    one_time_codes: Arc<dyn OneTimeCodes>,
    pruning: Arc<dyn Pruning>,
}

impl Stage {
    /// Puts a fresh store up for one case.
    pub fn new<C: OneTimeCodes + Pruning + 'static>(store: C) -> Self {
        let store = Arc::new(store);
        Self { one_time_codes: store.clone(), pruning: store }
    }

    /// OneTimeCodes the code with this number for the claimant with this number.
    async fn redeem(&self, code: u64, by: u64, until: Timestamp) -> Redemption {
        let what = CodeHash::of("code", &[&code.to_be_bytes()]);
        let by = CodeHash::of("login", &[&by.to_be_bytes()]);
        self.one_time_codes.redeem(what, by, until).await.expect("the store works")
    }

    async fn prune(&self, now: Timestamp, batch: u32) -> u64 {
        self.pruning.prune(now, batch).await.expect("the store works")
    }
}
