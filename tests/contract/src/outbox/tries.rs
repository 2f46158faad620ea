//! What a try leads to.

use std::time::Duration;

use saoma_domain::{
    ports::{EventSettled, EventTry},
    rules::{EVENT_TRIED_FOR, EVENT_TRY},
};

use super::{OutboxStage, event, failed};
use crate::values::at;

pub(super) async fn a_delivered_event_is_forgotten(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    let due = stage.claim_one(at(1)).await;
    assert_eq!(stage.settle(&due, EventTry::Delivered, at(2)).await, EventSettled::Delivered);
    assert_eq!(stage.deliveries().await, []);
    assert_eq!(stage.settle(&due, EventTry::Delivered, at(2)).await, EventSettled::NotOurs);
    assert_eq!(stage.outbox.counts().await, Ok((0, 0)));
}

pub(super) async fn what_is_not_delivered_waits_longer_each_time(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    stage.note(event(1, 2)).await;
    let mut now = at(2);
    for pause in [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 7200] {
        let due = stage.claim_one(now).await;
        assert_eq!(due.event, event(1, 1), "what follows for the account waits");
        assert_eq!(stage.settle(&due, failed(), now).await, EventSettled::Waits);
        let next = now.plus(Duration::from_secs(pause));
        assert_eq!(stage.claim(next.minus(Duration::from_millis(1))).await, [], "before {pause} s");
        now = next;
    }
    let delivery = stage.deliveries().await.remove(0);
    assert_eq!((delivery.tries, delivery.last_error.as_deref()), (10, Some("answered 500")));
    let sooner = now.minus(Duration::from_secs(3600));
    assert!(stage.retry(delivery.id, sooner).await);
    assert_eq!(stage.claim_one(sooner).await.id, delivery.id, "an hour before its time");
}

pub(super) async fn an_event_fails_after_a_day_and_lets_the_next_one_go(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    stage.note(event(1, 2)).await;
    let over = at(1).plus(EVENT_TRIED_FOR);
    let due = stage.claim_one(over).await;
    assert_eq!(stage.settle(&due, failed(), over).await, EventSettled::Failed);
    assert_eq!(stage.deliveries().await.remove(0).next_try_at, None);
    assert_eq!(stage.outbox.counts().await, Ok((1, 1)), "one waits and one has failed");
    assert_eq!(stage.claim_one(over).await.event, event(1, 2));
}

pub(super) async fn a_failed_event_is_tried_again_by_hand(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    let over = at(1).plus(EVENT_TRIED_FOR);
    let due = stage.claim_one(over).await;
    stage.settle(&due, failed(), over).await;
    let later = over.plus(Duration::from_secs(7 * 24 * 3600));
    assert_eq!(stage.claim(later).await, []);
    assert!(stage.retry(due.id, later).await);
    let again = stage.claim_one(later).await;
    assert_eq!(stage.settle(&again, failed(), later).await, EventSettled::Waits, "for another day");
    assert!(stage.retry(due.id, later).await, "one that waits may be hurried");
    let again = stage.claim_one(later.plus(Duration::from_secs(15))).await;
    stage.settle(&again, EventTry::Delivered, later).await;
    assert!(!stage.retry(due.id, later).await, "it is gone");
}

pub(super) async fn an_event_that_is_refused_fails_at_once(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    let due = stage.claim_one(at(1)).await;
    let refused = EventTry::Refused("answered 410".to_owned());
    assert_eq!(stage.settle(&due, refused, at(1)).await, EventSettled::Failed);
    assert_eq!(stage.claim(at(1).plus(EVENT_TRIED_FOR)).await, []);
}

pub(super) async fn a_late_failure_of_another_try_does_not_count(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    let first = stage.claim_one(at(1)).await;
    stage.claim_one(at(1).plus(EVENT_TRY)).await;
    assert_eq!(stage.settle(&first, failed(), at(20)).await, EventSettled::NotOurs);
    assert_eq!(stage.claim(at(30)).await, [], "the second try is under way");
    assert_eq!(stage.settle(&first, EventTry::Delivered, at(30)).await, EventSettled::Delivered);
}

pub(super) async fn a_failed_event_is_kept_for_a_month(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    let month = Duration::from_secs(31 * 24 * 3600);
    let kept_until = at(1).plus(month);
    assert_eq!(stage.pruning.prune(kept_until.minus(Duration::from_millis(1)), 10).await, Ok(0));
    assert_eq!(stage.pruning.prune(kept_until, 10).await, Ok(1));
}
