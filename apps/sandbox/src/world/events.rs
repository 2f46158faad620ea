//! The log of events: what was sent to a service, and what came of it.

use serde::Serialize;

use super::bounded::Bounded;

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The person now follows the account, by a code or without one.
    Subscribe,
    /// The person follows it no more.
    Unsubscribe,
    /// A follower has scanned a code.
    Scan,
    /// The person has written a message.
    Text,
}

/// One event.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Grows from event to event.
    pub id: u64,
    /// Who did it.
    pub person: String,
    /// To which account.
    pub account: String,
    /// What it tells.
    pub kind: EventKind,
    /// When it happened, in Unix seconds.
    pub created_at: i64,
    /// The readable XML; it stays the same in every attempt and duplicate.
    pub body: String,
    /// Each sending of it, in the order in which they ended.
    pub deliveries: Vec<Delivery>,
}

/// One sending of an event, with its attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Every try in order; the last one decided.
    pub attempts: Vec<Attempt>,
    /// What came of it.
    pub outcome: Outcome,
}

/// One POST to the callback URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
}

/// What a sending came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "detail", rename_all = "snake_case")]
pub enum Outcome {
    /// `success` or an empty body: the person sees nothing.
    Silent,
    /// A text reply, readable: the person sees it in the chat.
    Reply(String),
    /// No usable answer: the person sees [`FAULT_NOTICE`](crate::FAULT_NOTICE). Says what was wrong.
    Fault(String),
}

/// The latest events of all accounts.
#[derive(Debug)]
pub(crate) struct EventLog {
    events: Bounded<Event>,
    last_id: u64,
}

impl EventLog {
    pub(crate) fn new(limit: usize) -> Self {
        Self { events: Bounded::new(limit), last_id: 0 }
    }

    /// Returns the number that the next event gets.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id + 1
    }

    pub(crate) fn add(&mut self, event: Event) {
        self.last_id = event.id;
        self.events.push(event);
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }

    pub(crate) fn note(&mut self, id: u64, delivery: Delivery) {
        if let Some(event) = self.events.iter_mut().find(|event| event.id == id) {
            event.deliveries.push(delivery);
        }
    }

    pub(crate) fn after(&self, id: u64) -> Vec<Event> {
        self.events.iter().filter(|event| event.id > id).cloned().collect()
    }
}
