//! Counting.

use saoma_domain::{
    ports::{FunnelPeriod, LoginStep},
    time::Timestamp,
};

use super::{FunnelStage, HOUR, count};
use crate::all_at_once;

/// Returns when the hour of the beginning of time begins, and its day: 03:00 and 00:00 of 2025-11-20.
fn beginnings() -> (Timestamp, Timestamp) {
    (Timestamp::from_secs(1_763_607_600), Timestamp::from_secs(1_763_596_800))
}

pub(super) async fn counts_add_up_by_hour_and_by_day(stage: FunnelStage) {
    let (hour, day) = beginnings();
    stage.add(vec![count(hour, LoginStep::Started, 2), count(hour, LoginStep::Scanned, 1)]).await;
    stage.add(vec![count(hour.plus(HOUR / 2), LoginStep::Started, 3)]).await;
    stage.add(vec![count(hour.minus(HOUR), LoginStep::Started, 4)]).await;
    assert_eq!(
        stage.counted(FunnelPeriod::Hour).await,
        [
            (hour.minus(HOUR), LoginStep::Started, 4),
            (hour, LoginStep::Started, 5),
            (hour, LoginStep::Scanned, 1)
        ]
    );
    assert_eq!(
        stage.counted(FunnelPeriod::Day).await,
        [(day, LoginStep::Started, 9), (day, LoginStep::Scanned, 1)]
    );
}

pub(super) async fn callers_at_once_lose_nothing(stage: FunnelStage) {
    let (hour, _) = beginnings();
    let callers = (0..10).map(|_| {
        let stage = stage.clone();
        async move { stage.add(vec![count(hour, LoginStep::Started, 1)]).await }
    });
    all_at_once(callers).await;
    assert_eq!(stage.counted(FunnelPeriod::Hour).await, [(hour, LoginStep::Started, 10)]);
}

pub(super) async fn hours_go_before_days(stage: FunnelStage) {
    let (hour, _) = beginnings();
    stage.add(vec![count(hour, LoginStep::Started, 1)]).await;
    let hours_are_over = hour.plus(HOUR * 24 * 35);
    assert_eq!(stage.pruning.prune(hours_are_over.minus(HOUR), 10).await, Ok(0));
    assert_eq!(stage.pruning.prune(hours_are_over, 10).await, Ok(1));
    assert_eq!(stage.counted(FunnelPeriod::Hour).await, []);
    assert_eq!(stage.counted(FunnelPeriod::Day).await.len(), 1);
    assert_eq!(stage.pruning.prune(hour.plus(HOUR * 24 * 400), 10).await, Ok(1));
}
