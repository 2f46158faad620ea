//! Redeeming, at once and one after the other.

use std::time::Duration;

use saoma_domain::ports::Redemption::{self, Again, ByAnother, First};

use super::OneTimeCodesStage;
use crate::{all_at_once, values::at};

pub(crate) async fn the_first_one_has_the_code_for_good(stage: OneTimeCodesStage) {
    assert_eq!(stage.redeem(1, 1, at(600)).await, First);
    for by in [2, 3, 2] {
        assert_eq!(stage.redeem(1, by, at(600)).await, ByAnother);
    }
    assert_eq!(stage.redeem(1, 2, at(3600)).await, ByAnother);
    assert_eq!(stage.redeem(1, 1, at(600)).await, Again);
}

pub(crate) async fn the_same_one_is_told_of_a_repetition(stage: OneTimeCodesStage) {
    for expected in [First, Again, Again] {
        assert_eq!(stage.redeem(1, 1, at(600)).await, expected);
    }
}

pub(crate) async fn each_code_is_redeemed_for_itself(stage: OneTimeCodesStage) {
    for code in 0..5 {
        assert_eq!(stage.redeem(code, 1, at(600)).await, First);
    }
    for code in 0..5 {
        assert_eq!(stage.redeem(code, 2, at(600)).await, ByAnother);
    }
}

/// How much longer than asked for a redeemed code may be kept.
const HOUR: Duration = Duration::from_secs(3600);

/// Lets fifty callers redeem the code 1 at once.
async fn fifty(stage: &OneTimeCodesStage, by: fn(u64) -> u64) -> Vec<Redemption> {
    let redemptions = (0..50).map(|number| {
        let stage = stage.clone();
        async move { stage.redeem(1, by(number), at(600)).await }
    });
    all_at_once(redemptions).await
}

pub(crate) async fn of_fifty_at_once_one_is_the_first(stage: OneTimeCodesStage) {
    let redemptions = fifty(&stage, |number| number).await;
    assert_eq!(redemptions.iter().filter(|redemption| **redemption == First).count(), 1, "{redemptions:?}");
    assert_eq!(
        redemptions.iter().filter(|redemption| **redemption == ByAnother).count(),
        49,
        "{redemptions:?}"
    );
    for (by, redemption) in (0..).zip(redemptions) {
        let later = if redemption == First { Again } else { ByAnother };
        assert_eq!(stage.redeem(1, by, at(600)).await, later);
    }
}

pub(crate) async fn the_same_one_fifty_times_at_once_is_the_first_once(stage: OneTimeCodesStage) {
    let redemptions = fifty(&stage, |_| 7).await;
    assert_eq!(redemptions.iter().filter(|redemption| **redemption == First).count(), 1, "{redemptions:?}");
    assert_eq!(redemptions.iter().filter(|redemption| **redemption == Again).count(), 49, "{redemptions:?}");
}

pub(crate) async fn many_codes_can_be_redeemed_at_once(stage: OneTimeCodesStage) {
    let redemptions = (0..16).map(|code| {
        let stage = stage.clone();
        async move { stage.redeem(code, code, at(600)).await }
    });
    assert_eq!(all_at_once(redemptions).await, [First; 16]);
}

pub(crate) async fn a_redeemed_code_is_kept_until_its_time_is_over(stage: OneTimeCodesStage) {
    stage.redeem(1, 1, at(600)).await;
    assert_eq!(stage.prune(at(600).minus(Duration::from_millis(1)), 100).await, 0);
    assert_eq!(stage.redeem(1, 2, at(600)).await, ByAnother);
    assert_eq!(stage.prune(at(601).plus(HOUR), 100).await, 1);
    assert_eq!(stage.redeem(1, 2, at(1200)).await, First, "it is forgotten");
}

pub(crate) async fn a_redeemed_code_is_kept_as_long_as_a_repetition_needs_it(stage: OneTimeCodesStage) {
    stage.redeem(1, 1, at(600)).await;
    assert_eq!(stage.redeem(1, 1, at(1200)).await, Again);
    assert_eq!(stage.prune(at(1199), 100).await, 0);
    assert_eq!(stage.redeem(1, 1, at(9000)).await, Again);
    assert_eq!(stage.redeem(1, 1, at(60)).await, Again, "it is never kept for shorter");
    assert_eq!(stage.prune(at(8999), 100).await, 0);
    assert_eq!(stage.redeem(1, 2, at(600)).await, ByAnother);
    assert_eq!(stage.prune(at(9001).plus(HOUR), 100).await, 1);
}

pub(crate) async fn redeemed_codes_are_pruned_in_batches(stage: OneTimeCodesStage) {
    for code in 0..5 {
        stage.redeem(code, 1, at(600)).await;
    }
    for removed in [2, 2, 1, 0] {
        assert_eq!(stage.prune(at(601).plus(HOUR), 2).await, removed);
    }
}
