//! Several limits on one use, and several uses at once.

use std::slice::from_ref;

use saoma_domain::ports::{Limit, Verdict};

use super::{LimitsStage, bucket, window};
use crate::all_at_once;

pub(crate) async fn without_limits_everything_is_allowed(stage: LimitsStage) {
    stage.allowed(&[], 0).await;
}

pub(crate) async fn a_use_counts_against_all_of_its_limits(stage: LimitsStage) {
    let limits = [window("gap", 1, 1000), window("hour", 2, 3_600_000), bucket("ip", 3, 60_000)];
    stage.allowed(&limits, 0).await;
    stage.refused(&limits, 0, 1000).await;
    stage.allowed(&limits, 1000).await;
    stage.refused(&limits, 2000, 3_598_000).await;
    stage.allowed(from_ref(&limits[2]), 2000).await;
    stage.refused(from_ref(&limits[2]), 2000, 58_000).await;
}

pub(crate) async fn a_refused_use_counts_against_none_of_its_limits(stage: LimitsStage) {
    let (full, free) = (window("full", 1, 60_000), window("free", 2, 60_000));
    stage.allowed(from_ref(&full), 0).await;
    for limits in [[full.clone(), free.clone()], [free.clone(), full.clone()]] {
        for _ in 0..5 {
            stage.refused(&limits, 0, 60_000).await;
        }
    }
    stage.allowed(from_ref(&free), 0).await;
    stage.allowed(from_ref(&free), 0).await;
    stage.refused(from_ref(&free), 0, 60_000).await;
}

pub(crate) async fn the_strictest_limit_says_when_to_come_back(stage: LimitsStage) {
    let limits = [window("short", 1, 1000), window("long", 1, 9000), bucket("middle", 1, 5000)];
    stage.allowed(&limits, 0).await;
    stage.refused(&limits, 500, 8500).await;
    stage.refused(&limits, 8000, 1000).await;
    stage.allowed(&limits, 9000).await;
}

/// Tries so many uses at once and returns how many were allowed.
async fn allowed_at_once(stage: &LimitsStage, uses: impl IntoIterator<Item = Vec<Limit>>) -> u32 {
    let uses = uses.into_iter().map(|limits| {
        let stage = stage.clone();
        async move { stage.take(&limits, 0).await }
    });
    let verdicts = all_at_once(uses).await;
    verdicts.into_iter().map(|verdict| u32::from(verdict == Verdict::Allowed)).sum()
}

pub(crate) async fn uses_at_once_never_exceed_a_bucket(stage: LimitsStage) {
    let limit = bucket("ip:1", 10, 60_000);
    assert_eq!(allowed_at_once(&stage, vec![vec![limit]; 100]).await, 10);
}

pub(crate) async fn uses_at_once_never_exceed_a_window(stage: LimitsStage) {
    let limit = window("ip:1", 10, 60_000);
    assert_eq!(allowed_at_once(&stage, vec![vec![limit]; 100]).await, 10);
}

pub(crate) async fn uses_at_once_of_limits_in_any_order_never_exceed_them(stage: LimitsStage) {
    let (wide, tight) = (window("wide", 20, 60_000), bucket("tight", 5, 60_000));
    let uses = (0..60).map(|n| match n % 2 {
        0 => vec![wide.clone(), tight.clone()],
        _ => vec![tight.clone(), wide.clone()],
    });
    let used = allowed_at_once(&stage, uses).await;
    assert!((1..=5).contains(&used), "{used}");
    let rest = allowed_at_once(&stage, vec![vec![wide]; 30]).await;
    assert_eq!(used + rest, 20, "refused uses counted nothing");
}
