//! What a try leads to.

use std::time::Duration;

use saoma_domain::{
    ports::{MessageSettled, MessageTurn},
    rules::{RELAY_TRIED_FOR, RELAY_TRY},
};

use super::{MessageQueueStage, message};
use crate::values::at;

pub(super) async fn a_delivered_message_is_never_taken_again(stage: MessageQueueStage) {
    let kept = message(1, "oAnna", 1);
    stage.put(&kept).await;
    let claimed = stage.claim_one(at(1)).await;
    assert_eq!(stage.settle(kept.id, claimed.tries, true, at(2)).await, MessageSettled::Delivered);
    assert_eq!(stage.claim(at(1000)).await, []);
    assert!(!stage.put(&kept).await, "WeChat's repetition is not sent again");
    assert_eq!(stage.settle(kept.id, claimed.tries, true, at(3)).await, MessageSettled::NotOurs);
}

pub(super) async fn what_is_not_delivered_waits_longer_each_time(stage: MessageQueueStage) {
    let kept = message(1, "oAnna", 1);
    stage.put(&kept).await;
    let mut now = at(1);
    for pause in [1, 2, 5, 15, 30, 60, 60] {
        let claimed = stage.claim_one(now).await;
        let settled = stage.settle(kept.id, claimed.tries, false, now).await;
        assert_eq!(settled, MessageSettled::Waits);
        let next = now.plus(Duration::from_secs(pause));
        assert_eq!(stage.claim(next.minus(Duration::from_millis(1))).await, [], "before {pause} s");
        now = next;
    }
    stage.claim_one(now).await;
}

pub(super) async fn a_message_is_given_up_after_an_hour(stage: MessageQueueStage) {
    let (kept, behind) = (message(1, "oAnna", 1), message(2, "oAnna", 2));
    stage.put(&kept).await;
    stage.put(&behind).await;
    let over = at(1).plus(RELAY_TRIED_FOR);
    let claimed = stage.claim_one(over).await;
    assert_eq!(stage.settle(kept.id, claimed.tries, false, over).await, MessageSettled::GivenUp);
    assert_eq!(stage.claim_one(over).await.message.id, behind.id, "the others do not wait for it any more");
}

pub(super) async fn a_try_before_the_message_was_kept_counts(stage: MessageQueueStage) {
    let (kept, next) = (message(1, "oAnna", 1), message(2, "oAnna", 2));
    stage.put_tried(&kept, at(1).plus(RELAY_TRY)).await;
    assert_eq!(stage.settle(kept.id, 1, true, at(6)).await, MessageSettled::Delivered);
    assert_eq!(stage.claim(at(1000)).await, []);

    stage.put_tried(&next, at(2).plus(RELAY_TRY)).await;
    assert_eq!(stage.settle(next.id, 1, false, at(6)).await, MessageSettled::Waits);
    assert_eq!(stage.claim_one(at(7)).await.message.id, next.id, "its time limit is not waited for");
}

pub(super) async fn a_late_success_of_another_try_counts(stage: MessageQueueStage) {
    let kept = message(1, "oAnna", 1);
    stage.put(&kept).await;
    stage.claim_one(at(1)).await;
    let second = stage.claim_one(at(1).plus(RELAY_TRY)).await;
    assert_eq!(stage.settle(kept.id, 1, true, at(50)).await, MessageSettled::Delivered);
    assert_eq!(stage.settle(kept.id, second.tries, false, at(51)).await, MessageSettled::NotOurs);
    assert_eq!(stage.claim(at(1000)).await, []);
}

pub(super) async fn a_late_failure_of_another_try_does_not(stage: MessageQueueStage) {
    let kept = message(1, "oAnna", 1);
    stage.put(&kept).await;
    stage.claim_one(at(1)).await;
    stage.claim_one(at(1).plus(RELAY_TRY)).await;
    assert_eq!(stage.settle(kept.id, 1, false, at(50)).await, MessageSettled::NotOurs);
    assert_eq!(stage.claim(at(60)).await, [], "the second try is under way");
}

pub(super) async fn what_was_kept_of_a_message_goes_with_its_delivery(stage: MessageQueueStage) {
    let kept = message(1, "oAnna", 1);
    stage.put(&kept).await;
    assert_eq!(stage.pruning.prune(at(3600), 10).await, Ok(0), "it still waits");
    stage.settle(kept.id, 1, true, at(2)).await;
    assert_eq!(stage.turn(&kept).await, MessageTurn::Queued);
    assert_eq!(stage.pruning.prune(at(3602), 10).await, Ok(1));
    assert_eq!(stage.turn(&kept).await, MessageTurn::Next);
}
