//! Taking messages for a try.

use saoma_domain::rules::RELAY_TRY;

use super::{MessageQueueStage, message};
use crate::{all_at_once, values::at};

pub(super) async fn a_message_is_not_taken_before_its_time(stage: MessageQueueStage) {
    stage.put_tried(&message(1, "oAnna", 1), at(9)).await;
    assert_eq!(stage.claim(at(8)).await, [], "its first try is under way");
    assert_eq!(stage.claim_one(at(9)).await.tries, 2);
    stage.put(&message(2, "oBert", 10)).await;
    assert_eq!(stage.claim(at(9)).await, [], "another node's clock is behind");
}

pub(super) async fn a_message_is_with_one_caller_at_a_time(stage: MessageQueueStage) {
    stage.put(&message(1, "oAnna", 1)).await;
    stage.claim_one(at(1)).await;
    let over = at(1).plus(RELAY_TRY);
    assert_eq!(stage.claim(at(1).plus(RELAY_TRY / 2)).await, []);
    assert_eq!(stage.claim_one(over).await.tries, 2, "the node that took it is gone");
}

pub(super) async fn the_earliest_message_of_each_person_is_taken(stage: MessageQueueStage) {
    for kept in [message(3, "oBert", 3), message(2, "oAnna", 2), message(1, "oAnna", 1)] {
        stage.put(&kept).await;
    }
    let ids = |claimed: Vec<saoma_domain::ports::QueuedMessage>| -> Vec<_> {
        claimed.into_iter().map(|claimed| claimed.message.id).collect()
    };
    assert_eq!(
        ids(stage.claim(at(3)).await),
        [message(1, "oAnna", 1).id, message(3, "oBert", 3).id],
        "the second one of Anna's waits for her first one"
    );
    stage.settle(message(1, "oAnna", 1).id, 1, true, at(4)).await;
    assert_eq!(ids(stage.claim(at(4)).await), [message(2, "oAnna", 2).id]);
}

pub(super) async fn of_fifty_callers_at_once_one_takes_it(stage: MessageQueueStage) {
    stage.put(&message(1, "oAnna", 1)).await;
    let callers = (0..50).map(|_| {
        let stage = stage.clone();
        async move { stage.claim(at(1)).await.len() }
    });
    assert_eq!(all_at_once(callers).await.iter().sum::<usize>(), 1);
}

pub(super) async fn no_more_are_taken_than_asked_for(stage: MessageQueueStage) {
    for number in 1..=5 {
        stage.put(&message(number, &format!("oPerson{number}"), number)).await;
    }
    let claimed = stage.queue.claim(at(9), 2).await.expect("the store works");
    let ids: Vec<_> = claimed.iter().map(|claimed| claimed.message.received_at).collect();
    assert_eq!(ids, [at(1), at(2)], "those that came first");
}
