//! The order in which events are told.

use saoma_domain::{ports::EventTry, rules::EVENT_TRY};

use super::{OutboxStage, event};
use crate::{all_at_once, values::at};

pub(super) async fn events_of_an_account_wait_for_the_earlier_ones(stage: OutboxStage) {
    stage.listen();
    for secs in [1, 2, 3] {
        stage.note(event(1, secs)).await;
    }
    for secs in [1, 2, 3] {
        let due = stage.claim_one(at(9)).await;
        assert_eq!(due.event, event(1, secs));
        assert_eq!(stage.claim(at(9)).await, [], "the others wait");
        stage.settle(&due, EventTry::Delivered, at(9)).await;
    }
    assert_eq!(stage.claim(at(1000)).await, []);
}

pub(super) async fn another_account_and_another_receiver_do_not_wait(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    stage.claim_one(at(1)).await;
    stage.note(event(2, 2)).await;
    assert_eq!(stage.claim_one(at(2)).await.event, event(2, 2));
}

pub(super) async fn an_event_is_with_one_caller_at_a_time(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    stage.note(event(1, 2)).await;
    let first = stage.claim_one(at(2)).await;
    assert_eq!(stage.claim(at(2).plus(EVENT_TRY / 2)).await, []);
    let again = stage.claim_one(at(2).plus(EVENT_TRY)).await;
    assert_eq!((again.id, again.tries), (first.id, 2), "the node that took it is gone");
}

pub(super) async fn an_event_that_is_told_meanwhile_stays_with_its_caller(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    stage.note(event(1, 2)).await;
    let first = stage.claim_one(at(2)).await;
    stage.settle(&first, EventTry::Refused("answered 410".to_owned()), at(2)).await;
    let second = stage.claim_one(at(3)).await;
    assert!(stage.retry(first.id, at(3)).await);
    assert!(stage.retry(second.id, at(3)).await, "it is being told");
    let first = stage.claim_one(at(3)).await;
    stage.settle(&first, EventTry::Delivered, at(3)).await;
    assert_eq!(stage.claim(at(4)).await, [], "the second is with its caller still");
    assert_eq!(stage.claim_one(at(3).plus(EVENT_TRY)).await.id, second.id);
}

pub(super) async fn of_fifty_callers_at_once_one_takes_it(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    stage.note(event(1, 2)).await;
    let callers = (0..50).map(|_| {
        let stage = stage.clone();
        async move { stage.outbox.claim(&super::shop(), at(2), 10).await }
    });
    let claimed: Vec<_> = all_at_once(callers).await.into_iter().flatten().flatten().collect();
    assert_eq!(claimed.len(), 1, "{claimed:?}");
}

pub(super) async fn a_number_is_never_given_twice(stage: OutboxStage) {
    stage.listen();
    stage.note(event(1, 1)).await;
    let first = stage.claim_one(at(1)).await;
    stage.settle(&first, EventTry::Delivered, at(1)).await;
    stage.note(event(1, 2)).await;
    assert!(stage.claim_one(at(2)).await.id > first.id, "a receiver would take it for the same one");
}
