//! The suite of what may be used once.

mod turns;

use std::sync::Arc;

use saoma_domain::{
    ports::{Claim, ClaimHash, Claims, Pruning},
    time::Timestamp,
};

suite! { $
    /// Runs the cases of `Claims` on a store that also implements `Pruning`.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    claims_suite: claims on Stage {
        turns:
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
    claims: Arc<dyn Claims>,
    pruning: Arc<dyn Pruning>,
}

impl Stage {
    /// Puts a fresh store up for one case.
    pub fn new<C: Claims + Pruning + 'static>(store: C) -> Self {
        let store = Arc::new(store);
        Self { claims: store.clone(), pruning: store }
    }

    /// Claims the code with this number for the claimant with this number.
    async fn claim(&self, code: u64, by: u64, until: Timestamp) -> Claim {
        let what = ClaimHash::of("code", &[&code.to_be_bytes()]);
        let by = ClaimHash::of("login", &[&by.to_be_bytes()]);
        self.claims.claim(what, by, until).await.expect("the store works")
    }

    async fn prune(&self, now: Timestamp, batch: u32) -> u64 {
        self.pruning.prune(now, batch).await.expect("the store works")
    }
}
