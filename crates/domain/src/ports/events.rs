//! Events for others: the embedder's ear, and the outbox in which events wait for each receiver.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    event::{Event, EventId, EventKinds, Listeners, ReceiverName},
    time::Timestamp,
};

/// Why a receiver did not take an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct EventError {
    /// What happened, for the operator.
    pub reason: String,
    /// Whether the receiver will never take an event again: then no other one is told it, until an operator says so.
    pub is_final: bool,
}

impl EventError {
    /// Makes an error after which the event is told again later.
    pub fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_final: false }
    }
}

/// Hears what happens to accounts, identities, sessions and logins, in the process of the service.
///
/// An event is written in the transaction that made it true. It is told at least once, on any node; an event of an
/// account is told after the earlier ones of that account, and to one node at a time.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Events: Send + Sync {
    /// Returns the kinds to hear. Asked once, when the service is made.
    fn kinds(&self) -> EventKinds;

    /// Returns where the events go, as operators are shown it; without a secret.
    fn address(&self) -> String {
        "embedder".to_owned()
    }

    /// Hears an event. `id` is the same when the event is told again.
    ///
    /// The node gives up waiting after [`EVENT_TRY`](crate::rules::EVENT_TRY) and tells it again later.
    ///
    /// # Errors
    /// [`EventError`] to hear it again later; what follows for that account waits until then, for a day at the most.
    async fn hear(&self, id: EventId, event: &Event) -> Result<(), EventError>;
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEvents;

#[async_trait]
impl Events for NoEvents {
    fn kinds(&self) -> EventKinds {
        EventKinds::NONE
    }

    async fn hear(&self, _: EventId, _: &Event) -> Result<(), EventError> {
        Ok(())
    }
}

/// An event that waits for a receiver, taken for one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEvent {
    /// Its number.
    pub id: EventId,
    /// The event.
    pub event: Event,
    /// How many tries there were, this one included.
    pub tries: u32,
}

/// What a try led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventTry {
    /// The receiver took the event.
    Delivered,
    /// The receiver did not take it, for this reason.
    Failed(String),
    /// The receiver says, for this reason, that it will never take an event again.
    Refused(String),
}

/// What becomes of an event after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventSettled {
    /// It was delivered, and is forgotten.
    Delivered,
    /// It is tried again.
    Waits,
    /// It is tried again only when an operator says so.
    Failed,
    /// Another node took it meanwhile, or it is gone.
    NotOurs,
}

/// An event that was not delivered yet, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDelivery {
    /// Its number.
    pub id: EventId,
    /// Who is to hear it.
    pub receiver: ReceiverName,
    /// The event.
    pub event: Event,
    /// How many tries there were.
    pub tries: u32,
    /// When it is tried next; `None` once it has failed.
    pub next_try_at: Option<Timestamp>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// Keeps events until each of their receivers has taken them.
///
/// The ports that do the work write the events in the same transaction: an event is there if and only if its effect is.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Says who hears what, once, before the first call of the service. What no receiver hears is not written.
    fn listen(&self, listeners: Listeners);

    /// Keeps an event that no other port writes ([`EventKind::WechatEvent`](crate::event::EventKind::WechatEvent)), for
    /// those who hear it. MUST be durable when it answers.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be kept.
    async fn note(&self, event: Event) -> Result<(), StoreError>;

    /// Takes at most `at_most` events for a receiver whose time has come, the earliest of each account only, for one try
    /// of at most [`EVENT_TRY`](crate::rules::EVENT_TRY). MUST give an event to one caller at a time.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn claim(
        &self,
        receiver: &ReceiverName,
        now: Timestamp,
        at_most: u32,
    ) -> Result<Vec<DueEvent>, StoreError>;

    /// Writes down what a try led to. `tries` is the try's number ([`DueEvent::tries`]).
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written; the event is then told again.
    async fn settle(
        &self,
        id: EventId,
        tries: u32,
        outcome: EventTry,
        now: Timestamp,
    ) -> Result<EventSettled, StoreError>;

    /// Lists at most `limit` events that wait or failed, by their number, those behind `after`.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn deliveries(&self, after: Option<EventId>, limit: u32) -> Result<Vec<EventDelivery>, StoreError>;

    /// Returns how many events wait, and how many have failed.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn counts(&self) -> Result<(u64, u64), StoreError>;

    /// Has an event tried again at once, for a day from now on, whether it waits or has failed. Returns whether there is
    /// such an event.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    async fn retry(&self, id: EventId, now: Timestamp) -> Result<bool, StoreError>;
}
