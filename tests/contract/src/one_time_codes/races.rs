//! Claiming, at once and one after the other.

use std::time::Duration;

use saoma_domain::ports::Redemption::{self, Again, ByAnother, First};

use super::Stage;
use crate::{all_at_once, values::at};

pub(crate) async fn who_comes_first_has_it_for_good(stage: Stage) {
    assert_eq!(stage.redeem(1, 1, at(600)).await, First);
    for by in [2, 3, 2] {
        assert_eq!(stage.redeem(1, by, at(600)).await, ByAnother);
    }
    assert_eq!(stage.redeem(1, 2, at(3600)).await, ByAnother);
    assert_eq!(stage.redeem(1, 1, at(600)).await, Again);
}

pub(crate) async fn who_claims_again_is_told_so(stage: Stage) {
    for expected in [First, Again, Again] {
        assert_eq!(stage.redeem(1, 1, at(600)).await, expected);
    }
}

pub(crate) async fn everything_is_claimed_for_itself(stage: Stage) {
    for code in 0..5 {
        assert_eq!(stage.redeem(code, 1, at(600)).await, First);
    }
    for code in 0..5 {
        assert_eq!(stage.redeem(code, 2, at(600)).await, ByAnother);
    }
}

/// How much longer than asked for a claim may be kept.
const HOUR: Duration = Duration::from_secs(3600);

/// Lets fifty callers claim the code 1 at once.
async fn fifty(stage: &Stage, claimant: fn(u64) -> u64) -> Vec<Redemption> {
    let one_time_codes = (0..50).map(|number| {
        let stage = stage.clone();
        async move { stage.redeem(1, claimant(number), at(600)).await }
    });
    all_at_once(one_time_codes).await
}

pub(crate) async fn of_fifty_claimants_at_once_one_is_the_first(stage: Stage) {
    let one_time_codes = fifty(&stage, |number| number).await;
    assert_eq!(one_time_codes.iter().filter(|claim| **claim == First).count(), 1, "{one_time_codes:?}");
    assert_eq!(one_time_codes.iter().filter(|claim| **claim == ByAnother).count(), 49, "{one_time_codes:?}");
    for (by, claim) in (0..).zip(one_time_codes) {
        let later = if claim == First { Again } else { ByAnother };
        assert_eq!(stage.redeem(1, by, at(600)).await, later);
    }
}

pub(crate) async fn one_claimant_fifty_times_at_once_is_the_first_once(stage: Stage) {
    let one_time_codes = fifty(&stage, |_| 7).await;
    assert_eq!(one_time_codes.iter().filter(|claim| **claim == First).count(), 1, "{one_time_codes:?}");
    assert_eq!(one_time_codes.iter().filter(|claim| **claim == Again).count(), 49, "{one_time_codes:?}");
}

pub(crate) async fn many_things_can_be_claimed_at_once(stage: Stage) {
    let one_time_codes = (0..16).map(|code| {
        let stage = stage.clone();
        async move { stage.redeem(code, code, at(600)).await }
    });
    assert_eq!(all_at_once(one_time_codes).await, [First; 16]);
}

pub(crate) async fn a_claim_is_kept_until_its_time_is_over(stage: Stage) {
    stage.redeem(1, 1, at(600)).await;
    assert_eq!(stage.prune(at(600).minus(Duration::from_millis(1)), 100).await, 0);
    assert_eq!(stage.redeem(1, 2, at(600)).await, ByAnother);
    assert_eq!(stage.prune(at(601).plus(HOUR), 100).await, 1);
    assert_eq!(stage.redeem(1, 2, at(1200)).await, First, "nobody remembers");
}

pub(crate) async fn a_claim_is_kept_as_long_as_whoever_claims_again_needs_it(stage: Stage) {
    stage.redeem(1, 1, at(600)).await;
    assert_eq!(stage.redeem(1, 1, at(1200)).await, Again);
    assert_eq!(stage.prune(at(1199), 100).await, 0);
    assert_eq!(stage.redeem(1, 1, at(9000)).await, Again);
    assert_eq!(stage.redeem(1, 1, at(60)).await, Again, "it is never kept for shorter");
    assert_eq!(stage.prune(at(8999), 100).await, 0);
    assert_eq!(stage.redeem(1, 2, at(600)).await, ByAnother);
    assert_eq!(stage.prune(at(9001).plus(HOUR), 100).await, 1);
}

pub(crate) async fn claims_are_pruned_in_batches(stage: Stage) {
    for code in 0..5 {
        stage.redeem(code, 1, at(600)).await;
    }
    for removed in [2, 2, 1, 0] {
        assert_eq!(stage.prune(at(601).plus(HOUR), 2).await, removed);
    }
}
