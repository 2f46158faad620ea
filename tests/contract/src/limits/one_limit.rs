//! One limit at a time.

use std::slice::from_ref;

use super::{LimitsStage, bucket, window};

pub(crate) async fn a_bucket_allows_its_burst_and_then_one_an_interval(stage: LimitsStage) {
    let limit = [bucket("ip:1", 3, 2000)];
    for _ in 0..3 {
        stage.allowed(&limit, 0).await;
    }
    stage.refused(&limit, 0, 2000).await;
    stage.refused(&limit, 1999, 1).await;
    for millis in [2000, 4000, 6000] {
        stage.allowed(&limit, millis).await;
        stage.refused(&limit, millis, 2000).await;
    }
    stage.refused(&limit, 7500, 500).await;
}

pub(crate) async fn a_bucket_refills_no_further_than_its_burst(stage: LimitsStage) {
    let limit = [bucket("ip:1", 3, 2000)];
    stage.allowed(&limit, 0).await;
    for _ in 0..3 {
        stage.allowed(&limit, 60_000).await;
    }
    stage.refused(&limit, 60_000, 2000).await;
    for _ in 0..2 {
        stage.allowed(&limit, 64_000).await;
    }
    stage.refused(&limit, 64_000, 2000).await;
}

pub(crate) async fn a_fast_bucket_refills_many_times_a_second(stage: LimitsStage) {
    let limit = [bucket("ip:1", 1, 5)];
    for millis in (0..500).step_by(5) {
        stage.allowed(&limit, millis).await;
        stage.refused(&limit, millis + 1, 4).await;
    }
}

pub(crate) async fn a_window_starts_with_its_first_use(stage: LimitsStage) {
    let limit = [window("phone:1", 2, 60_000)];
    stage.allowed(&limit, 500).await;
    stage.allowed(&limit, 50_000).await;
    stage.refused(&limit, 50_000, 10_500).await;
    stage.refused(&limit, 60_499, 1).await;
    stage.allowed(&limit, 60_500).await;
}

pub(crate) async fn a_window_that_is_over_starts_anew(stage: LimitsStage) {
    let limit = [window("phone:1", 1, 60_000)];
    for start in [0, 60_000, 500_000] {
        stage.allowed(&limit, start).await;
        stage.refused(&limit, start, 60_000).await;
        stage.refused(&limit, start + 59_999, 1).await;
    }
}

pub(crate) async fn a_refusal_counts_nothing(stage: LimitsStage) {
    for limit in [bucket("ip:1", 1, 1000), window("ip:2", 1, 1000)] {
        stage.allowed(from_ref(&limit), 0).await;
        for _ in 0..20 {
            stage.refused(from_ref(&limit), 500, 500).await;
        }
        stage.allowed(from_ref(&limit), 1000).await;
    }
}

pub(crate) async fn subjects_are_counted_apart(stage: LimitsStage) {
    for key in ["ip:a", "ip:A", "ip:a ", "ip:ä", "ip:", "IP:a"] {
        stage.allowed(&[window(key, 1, 1000)], 0).await;
        stage.refused(&[window(key, 1, 1000)], 0, 1000).await;
    }
}

pub(crate) async fn a_clock_that_steps_back_gives_nothing_away(stage: LimitsStage) {
    for limit in [bucket("ip:1", 2, 1000), window("ip:2", 2, 1000)] {
        for _ in 0..2 {
            stage.allowed(from_ref(&limit), 10_000).await;
        }
        stage.refused(from_ref(&limit), 9_500, 1500).await;
    }
}

pub(crate) async fn whether_uses_count_is_told_without_counting_one(stage: LimitsStage) {
    let limit = [window("known", 1, 60_000)];
    for key in ["known", "other"] {
        assert_eq!(stage.limits.is_counted(key, stage.at(0)).await, Ok(false));
    }
    stage.allowed(&limit, 0).await;
    stage.refused(&limit, 0, 60_000).await;
    assert_eq!(stage.limits.is_counted("known", stage.at(59_999)).await, Ok(true));
    assert_eq!(stage.limits.is_counted("other", stage.at(0)).await, Ok(false));
}

pub(crate) async fn a_use_that_is_given_back_can_be_taken_again(stage: LimitsStage) {
    for limit in [window("person:1", 2, 60_000), bucket("person:2", 2, 60_000)] {
        let limit = [limit];
        for _ in 0..2 {
            stage.allowed(&limit, 0).await;
        }
        stage.limits.give_back(&limit, stage.at(0)).await.expect("the limits work");
        stage.allowed(&limit, 0).await;
        stage.refused(&limit, 0, 60_000).await;
    }
    let limit = [window("person:3", 1, 60_000)];
    stage.limits.give_back(&limit, stage.at(0)).await.expect("there is nothing to give back");
    stage.allowed(&limit, 60_000).await;
    stage.limits.give_back(&limit, stage.at(0)).await.expect("the limits work");
    stage.refused(&limit, 60_000, 60_000).await;
}
