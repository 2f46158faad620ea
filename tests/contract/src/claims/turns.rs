//! Claiming, at once and one after the other.

use std::time::Duration;

use saoma_domain::ports::Claim::{self, Again, ByAnother, First};

use super::Stage;
use crate::{all_at_once, values::at};

pub(crate) async fn who_comes_first_has_it_for_good(stage: Stage) {
    assert_eq!(stage.claim(1, 1, at(600)).await, First);
    for by in [2, 3, 2] {
        assert_eq!(stage.claim(1, by, at(600)).await, ByAnother);
    }
    assert_eq!(stage.claim(1, 2, at(3600)).await, ByAnother);
    assert_eq!(stage.claim(1, 1, at(600)).await, Again);
}

pub(crate) async fn who_claims_again_is_told_so(stage: Stage) {
    for expected in [First, Again, Again] {
        assert_eq!(stage.claim(1, 1, at(600)).await, expected);
    }
}

pub(crate) async fn everything_is_claimed_for_itself(stage: Stage) {
    for code in 0..5 {
        assert_eq!(stage.claim(code, 1, at(600)).await, First);
    }
    for code in 0..5 {
        assert_eq!(stage.claim(code, 2, at(600)).await, ByAnother);
    }
}

/// Lets fifty callers claim the code 1 at once.
async fn fifty(stage: &Stage, claimant: fn(u64) -> u64) -> Vec<Claim> {
    let claims = (0..50).map(|number| {
        let stage = stage.clone();
        async move { stage.claim(1, claimant(number), at(600)).await }
    });
    all_at_once(claims).await
}

pub(crate) async fn of_fifty_claimants_at_once_one_is_the_first(stage: Stage) {
    let claims = fifty(&stage, |number| number).await;
    assert_eq!(claims.iter().filter(|claim| **claim == First).count(), 1, "{claims:?}");
    assert_eq!(claims.iter().filter(|claim| **claim == ByAnother).count(), 49, "{claims:?}");
    for (by, claim) in (0..).zip(claims) {
        let later = if claim == First { Again } else { ByAnother };
        assert_eq!(stage.claim(1, by, at(600)).await, later);
    }
}

pub(crate) async fn one_claimant_fifty_times_at_once_is_the_first_once(stage: Stage) {
    let claims = fifty(&stage, |_| 7).await;
    assert_eq!(claims.iter().filter(|claim| **claim == First).count(), 1, "{claims:?}");
    assert_eq!(claims.iter().filter(|claim| **claim == Again).count(), 49, "{claims:?}");
}

pub(crate) async fn many_things_can_be_claimed_at_once(stage: Stage) {
    let claims = (0..16).map(|code| {
        let stage = stage.clone();
        async move { stage.claim(code, code, at(600)).await }
    });
    assert_eq!(all_at_once(claims).await, [First; 16]);
}

pub(crate) async fn a_claim_is_kept_until_its_time_is_over(stage: Stage) {
    stage.claim(1, 1, at(600)).await;
    assert_eq!(stage.prune(at(600).minus(Duration::from_millis(1)), 100).await, 0);
    assert_eq!(stage.claim(1, 2, at(600)).await, ByAnother);
    assert_eq!(stage.prune(at(601), 100).await, 1);
    assert_eq!(stage.claim(1, 2, at(1200)).await, First, "nobody remembers");
}

pub(crate) async fn a_claim_is_kept_as_long_as_whoever_claims_again_needs_it(stage: Stage) {
    stage.claim(1, 1, at(600)).await;
    assert_eq!(stage.claim(1, 1, at(1200)).await, Again);
    assert_eq!(stage.claim(1, 1, at(60)).await, Again, "it is never kept for shorter");
    assert_eq!(stage.prune(at(1199), 100).await, 0);
    assert_eq!(stage.claim(1, 2, at(600)).await, ByAnother);
    assert_eq!(stage.prune(at(1201), 100).await, 1);
}

pub(crate) async fn claims_are_pruned_in_batches(stage: Stage) {
    for code in 0..5 {
        stage.claim(code, 1, at(600)).await;
    }
    for removed in [2, 2, 1, 0] {
        assert_eq!(stage.prune(at(601), 2).await, removed);
    }
}
