//! Rows of events that wait for a receiver.

use crate::{
    account::IdentityId,
    event::{Event, EventId, EventKind, Listeners, ReceiverName},
    time::Timestamp,
};

use super::RowResult;

/// An event to be kept for one receiver; the store numbers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEventRow {
    /// Who is to hear it.
    pub receiver: ReceiverName,
    /// The event.
    pub event: Event,
    /// Until when it is tried.
    pub give_up_at: Timestamp,
    /// From when on the row may be removed.
    pub prune_at: Timestamp,
}

/// The row of an event that waits for one receiver, or that has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its number: later events of one account have higher ones.
    pub id: EventId,
    /// What was written at first.
    pub new: NewEventRow,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next; `None` once it has failed.
    pub next_try_at: Option<Timestamp>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// Operations on rows of events.
pub trait EventRows: Send {
    /// Returns who hears events. Costs nothing.
    fn listeners(&self) -> &Listeners;

    /// Writes a new event, to be tried at its own time. Events of one account are numbered in the order in which their
    /// transactions are committed, as far as one of them waited for the other.
    fn insert_event(&mut self, row: &NewEventRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Reads an event.
    fn event(&mut self, id: EventId) -> impl Future<Output = RowResult<Option<EventRow>>> + Send;

    /// Reads the first event of a receiver's lane ([`Event::lane`]) that waits.
    fn first_waiting_event(
        &mut self,
        receiver: &ReceiverName,
        lane: &str,
    ) -> impl Future<Output = RowResult<Option<EventRow>>> + Send;

    /// Reads at most `at_most` events of a receiver that wait and whose next try is at `now` or earlier, by their number.
    fn due_events(
        &mut self,
        receiver: &ReceiverName,
        now: Timestamp,
        at_most: u32,
    ) -> impl Future<Output = RowResult<Vec<EventRow>>> + Send;

    /// Reads at most `at_most` events, those behind a number, by their number.
    fn events_after(
        &mut self,
        after: Option<EventId>,
        at_most: u32,
    ) -> impl Future<Output = RowResult<Vec<EventRow>>> + Send;

    /// Writes the tries of an event, unless their number is not `read_tries` any more
    /// ([`Rejected::Raced`](super::Rejected::Raced)).
    fn update_event(&mut self, row: &EventRow, read_tries: u32)
    -> impl Future<Output = RowResult<()>> + Send;

    /// Counts the events that wait, and those that have failed.
    fn event_counts(&mut self) -> impl Future<Output = RowResult<(u64, u64)>> + Send;

    /// Removes the events of a kind that are about an identity.
    fn remove_events_of(
        &mut self,
        kind: EventKind,
        identity: IdentityId,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes an event.
    fn remove_event(&mut self, id: EventId) -> impl Future<Output = RowResult<()>> + Send;
}
