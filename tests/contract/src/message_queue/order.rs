//! Whose turn it is.

use saoma_domain::ports::MessageTurn;

use super::{MessageQueueStage, message};
use crate::values::{app, at};

pub(super) async fn a_message_is_kept_as_it_came(stage: MessageQueueStage) {
    let kept = message(1, "oAnna", 1);
    assert!(stage.put(&kept).await);
    let claimed = stage.claim_one(at(1)).await;
    assert_eq!((claimed.message, claimed.tries), (kept, 1));
}

pub(super) async fn a_message_that_came_before_is_queued(stage: MessageQueueStage) {
    let kept = message(1, "oAnna", 1);
    stage.put_tried(&kept, at(5)).await;
    assert_eq!(stage.turn(&kept).await, MessageTurn::Queued);
    assert!(!stage.put(&kept).await, "a repetition changes nothing");
    assert_eq!(stage.claim(at(4)).await, []);
}

pub(super) async fn messages_of_a_person_wait_for_the_earlier_ones(stage: MessageQueueStage) {
    let (first, second) = (message(1, "oAnna", 1), message(2, "oAnna", 2));
    assert_eq!(stage.turn(&first).await, MessageTurn::Next);
    stage.put(&first).await;
    assert_eq!(stage.turn(&second).await, MessageTurn::Behind);
    stage.claim_one(at(1)).await;
    assert_eq!(stage.turn(&second).await, MessageTurn::Behind, "it is under way, and may fail");
}

pub(super) async fn a_message_that_is_tried_meanwhile_stays_with_its_node(stage: MessageQueueStage) {
    let (first, second) = (message(1, "oAnna", 1), message(2, "oAnna", 2));
    stage.put(&first).await;
    stage.put_tried(&second, at(9)).await;
    assert_eq!(stage.queue.count_waiting().await, Ok(2));
    let claimed = stage.claim_one(at(3)).await;
    stage.settle(first.id, claimed.tries, true, at(4)).await;
    assert_eq!(stage.queue.count_waiting().await, Ok(1));
    assert_eq!(stage.claim(at(5)).await, []);
    assert_eq!(stage.claim_one(at(9)).await.message, second);
}

pub(super) async fn another_person_and_another_app_do_not_wait(stage: MessageQueueStage) {
    stage.put(&message(1, "oAnna", 1)).await;
    assert_eq!(stage.turn(&message(2, "oBert", 2)).await, MessageTurn::Next);
    let mut elsewhere = message(3, "oAnna", 2);
    elsewhere.app = app("shop");
    assert_eq!(stage.turn(&elsewhere).await, MessageTurn::Next);
}

pub(super) async fn a_person_whose_messages_are_delivered_is_next_again(stage: MessageQueueStage) {
    let (first, second) = (message(1, "oAnna", 1), message(2, "oAnna", 2));
    stage.put(&first).await;
    let claimed = stage.claim_one(at(1)).await;
    stage.settle(first.id, claimed.tries, true, at(2)).await;
    assert_eq!(stage.turn(&second).await, MessageTurn::Next);
    assert_eq!(stage.turn(&first).await, MessageTurn::Queued, "a repetition is known for a while");
}
