//! Rows of events that wait for a receiver.

use saoma_domain::{
    account::IdentityId,
    event::{EventId, EventKind, Listeners, ReceiverName},
    rules::rows::{EventRow, EventRows, NewEventRow, RowResult},
    time::Timestamp,
};

use super::{MemoryRows, unless_raced};

impl EventRows for MemoryRows<'_> {
    fn listeners(&self) -> &Listeners {
        self.listeners
    }

    async fn insert_event(&mut self, row: &NewEventRow) -> RowResult<()> {
        let tables = self.tables();
        // A transaction that fails leaves a gap, as databases do.
        tables.last_event += 1;
        let id = EventId::from_store(tables.last_event);
        let next_try_at = Some(row.event.at);
        let row = EventRow { id, new: row.clone(), tries: 0, next_try_at, last_error: None };
        unless_raced(tables.events.insert(id, row))
    }

    async fn event(&mut self, id: EventId) -> RowResult<Option<EventRow>> {
        Ok(self.tables().events.get(&id).cloned())
    }

    async fn first_waiting_event(
        &mut self,
        receiver: &ReceiverName,
        lane: &str,
    ) -> RowResult<Option<EventRow>> {
        let is_theirs = |row: &&EventRow| row.new.receiver == *receiver && row.new.event.lane() == lane;
        let mut waiting = self.tables().events.rows().filter(|row| row.next_try_at.is_some());
        Ok(waiting.find(is_theirs).cloned())
    }

    async fn due_events(
        &mut self,
        receiver: &ReceiverName,
        now: Timestamp,
        at_most: u32,
    ) -> RowResult<Vec<EventRow>> {
        let is_due = |row: &&EventRow| {
            row.new.receiver == *receiver && row.next_try_at.is_some_and(|next_try_at| next_try_at <= now)
        };
        let at_most = usize::try_from(at_most).unwrap_or(usize::MAX);
        Ok(self.tables().events.rows().filter(is_due).take(at_most).cloned().collect())
    }

    async fn events_after(&mut self, after: Option<EventId>, at_most: u32) -> RowResult<Vec<EventRow>> {
        let rows = self.tables().events.rows().filter(|row| Some(row.id) > after);
        Ok(rows.take(usize::try_from(at_most).unwrap_or(usize::MAX)).cloned().collect())
    }

    async fn update_event(&mut self, row: &EventRow, read_tries: u32) -> RowResult<()> {
        let is_as_read = |known: &EventRow| known.tries == read_tries;
        unless_raced(self.tables().events.update(&row.id, is_as_read, |known| *known = row.clone()))
    }

    async fn event_counts(&mut self) -> RowResult<(u64, u64)> {
        let (waiting, failed): (Vec<_>, Vec<_>) =
            self.tables().events.rows().partition(|row| row.next_try_at.is_some());
        Ok((waiting.len() as u64, failed.len() as u64))
    }

    async fn remove_events_of(&mut self, kind: EventKind, identity: IdentityId) -> RowResult<()> {
        let events = &mut self.tables().events;
        let is_theirs =
            |row: &EventRow| row.new.event.kind == kind && row.new.event.identity == Some(identity);
        for id in events.keys_of(is_theirs).collect::<Vec<_>>() {
            events.remove(&id);
        }
        Ok(())
    }

    async fn remove_event(&mut self, id: EventId) -> RowResult<()> {
        self.tables().events.remove(&id);
        Ok(())
    }
}
