//! The suite of messages for the site's own system.

mod claims;
mod order;
mod tries;

use std::sync::Arc;

use saoma_domain::{
    message::{MessageId, RawMessage, RelayedMessage},
    ports::{MessageQueue, MessageSettled, MessageTurn, Pruning, QueuedMessage},
    time::Timestamp,
};

use crate::values::{app, at, openid};

suite! { $
    /// Runs the cases of `MessageQueue` on a store that also implements `Pruning`.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    message_queue_suite: message_queue on MessageQueueStage {
        order:
            a_message_is_kept_as_it_came,
            a_message_that_came_before_is_queued,
            messages_of_a_person_wait_for_the_earlier_ones,
            a_message_that_is_tried_meanwhile_stays_with_its_node,
            another_person_and_another_app_do_not_wait,
            a_person_whose_messages_are_delivered_is_next_again;
        claims:
            a_message_is_not_taken_before_its_time,
            a_message_is_with_one_caller_at_a_time,
            the_earliest_message_of_each_person_is_taken,
            of_fifty_callers_at_once_one_takes_it,
            no_more_are_taken_than_asked_for;
        tries:
            a_delivered_message_is_never_taken_again,
            what_is_not_delivered_waits_longer_each_time,
            a_message_is_given_up_after_an_hour,
            a_try_before_the_message_was_kept_counts,
            a_late_success_of_another_try_counts,
            a_late_failure_of_another_try_does_not,
            what_was_kept_of_a_message_goes_with_its_delivery;
    }
}

/// One store.
#[derive(Clone)]
pub struct MessageQueueStage {
    queue: Arc<dyn MessageQueue>,
    pruning: Arc<dyn Pruning>,
}

impl MessageQueueStage {
    /// Puts a fresh store up for one case.
    pub fn new<C: MessageQueue + Pruning + 'static>(store: C) -> Self {
        let store = Arc::new(store);
        Self { queue: store.clone(), pruning: store }
    }

    async fn turn(&self, message: &RelayedMessage) -> MessageTurn {
        self.queue.turn(&message.app, &message.openid, message.id).await.expect("the store works")
    }

    async fn put(&self, message: &RelayedMessage) -> bool {
        self.queue.put(message.clone(), None).await.expect("the store works")
    }

    /// Keeps a message that is being tried until then.
    async fn put_tried(&self, message: &RelayedMessage, until: Timestamp) -> bool {
        self.queue.put(message.clone(), Some(until)).await.expect("the store works")
    }

    async fn claim(&self, now: Timestamp) -> Vec<QueuedMessage> {
        self.queue.claim(now, 100).await.expect("the store works")
    }

    /// Takes the only message whose time has come.
    async fn claim_one(&self, now: Timestamp) -> QueuedMessage {
        let mut claimed = self.claim(now).await;
        assert_eq!(claimed.len(), 1, "{claimed:?}");
        claimed.remove(0)
    }

    async fn settle(&self, id: MessageId, tries: u32, delivered: bool, now: Timestamp) -> MessageSettled {
        self.queue.settle(id, tries, delivered, now).await.expect("the store works")
    }
}

/// Returns the message with this number, of a person of the app `main`, that came so many seconds after the beginning.
fn message(number: u64, person: &str, secs: u64) -> RelayedMessage {
    let raw = RawMessage {
        query: format!("signature=s&timestamp={secs}&nonce={number}"),
        content_type: "text/xml".to_owned(),
        body: vec![0, 1, 0xff, b'<'],
    };
    let app = app("main");
    let id = MessageId::of(&app, &[&number.to_be_bytes()]);
    RelayedMessage { id, app, openid: openid(person), raw, received_at: at(secs) }
}
