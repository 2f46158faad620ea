//! The log of events, with their deliveries to the service.

use serde::Serialize;

use super::bounded::Bounded;

/// What an event reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The person follows the account from now on, by a code or without one.
    Subscribe,
    /// The person no longer follows it.
    Unsubscribe,
    /// A follower has scanned a code.
    Scan,
    /// The person has written a message.
    Text,
    /// The person has tapped an item of the account's menu.
    Click,
    /// The person has sent a picture.
    Picture,
    /// The person has taken back what they allowed the account to know.
    Revoke,
}

/// One event.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Grows from event to event.
    pub id: u64,
    /// The person who caused it.
    pub person: String,
    /// The account whose service is told of it.
    pub account: String,
    /// What it reports.
    pub kind: EventKind,
    /// When it happened, in Unix seconds.
    pub created_at: i64,
    /// The readable XML or JSON; it stays the same in every attempt and duplicate.
    pub body: String,
    /// The deliveries, in the order in which they ended.
    pub deliveries: Vec<Delivery>,
}

/// One delivery of an event, with its attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The attempts in order; the last one decided.
    pub attempts: Vec<Attempt>,
    /// How it ended.
    pub outcome: DeliveryOutcome,
}

/// One POST to the callback URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// How a delivery ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "detail", rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// `success` or an empty body: the person sees nothing.
    Silent,
    /// A text reply, readable: the person sees it in the chat.
    Reply(String),
    /// No usable answer, for this reason: the person sees [`FAULT_NOTICE`](crate::FAULT_NOTICE).
    Fault(String),
}

impl Bounded<Event> {
    pub(crate) fn get(&self, id: u64) -> Option<&Event> {
        // Those that are asked for are mostly new.
        self.iter().rev().find(|event| event.id == id)
    }

    /// Adds a delivery to the event with this number.
    pub(crate) fn delivered(&mut self, id: u64, delivery: Delivery) {
        if let Some(event) = self.iter_mut().rev().find(|event| event.id == id) {
            event.deliveries.push(delivery);
        }
    }

    /// Returns the events with a larger number, oldest first.
    pub(crate) fn after(&self, id: u64) -> Vec<Event> {
        self.iter().filter(|event| event.id > id).cloned().collect()
    }
}
