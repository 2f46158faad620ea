//! Rows of events that wait for a receiver.

use diesel::{
    QueryResult,
    prelude::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::IdentityId,
    event::{EventId, EventKind, Listeners, ReceiverName},
    rules::rows::{EventRow, EventRows, NewEventRow, RowResult},
    time::Timestamp,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{columns::EventColumns, schema::events};

impl EventRows for SqlRows<'_> {
    fn listeners(&self) -> &Listeners {
        self.listeners
    }

    async fn insert_event(&mut self, row: &NewEventRow) -> RowResult<()> {
        self.deferred.events.push(row.clone());
        Ok(())
    }

    async fn event(&mut self, id: EventId) -> RowResult<Option<EventRow>> {
        let query = events::table.find(id.as_number()).select(EventColumns::as_select());
        let found: QueryResult<EventColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(EventColumns::into_row).transpose()
    }

    async fn first_waiting_event(
        &mut self,
        receiver: &ReceiverName,
        lane: &str,
    ) -> RowResult<Option<EventRow>> {
        let is_theirs = events::lane.eq(lane).and(events::receiver.eq(receiver.as_str()));
        let query = events::table
            .filter(is_theirs.and(events::next_try_at.is_not_null()))
            .order(events::id)
            .select(EventColumns::as_select());
        let found: QueryResult<Vec<EventColumns>> = at_most!(query, 1).load(self.reading().await?).await;
        self.answer(found)?.pop().map(EventColumns::into_row).transpose()
    }

    async fn due_events(
        &mut self,
        receiver: &ReceiverName,
        now: Timestamp,
        at_most: u32,
    ) -> RowResult<Vec<EventRow>> {
        let is_due = events::receiver.eq(receiver.as_str()).and(events::next_try_at.le(now.as_millis()));
        let query = events::table.filter(is_due).order(events::id).select(EventColumns::as_select());
        let found: QueryResult<Vec<EventColumns>> =
            at_most!(query, at_most.into()).load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(EventColumns::into_row).collect()
    }

    async fn events_after(&mut self, after: Option<EventId>, at_most: u32) -> RowResult<Vec<EventRow>> {
        let query = events::table
            .filter(events::id.gt(after.map_or(0, EventId::as_number)))
            .order(events::id)
            .select(EventColumns::as_select());
        let found: QueryResult<Vec<EventColumns>> =
            at_most!(query, at_most.into()).load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(EventColumns::into_row).collect()
    }

    async fn update_event(&mut self, row: &EventRow, read_tries: u32) -> RowResult<()> {
        let as_read = events::table.find(row.id.as_number()).filter(events::tries.eq(i64::from(read_tries)));
        let change = (
            events::tries.eq(i64::from(row.tries)),
            events::next_try_at.eq(row.next_try_at.map(Timestamp::as_millis)),
            events::last_error.eq(row.last_error.clone()),
            events::give_up_at.eq(row.new.give_up_at.as_millis()),
            events::prune_at.eq(row.new.prune_at.as_millis()),
        );
        let updated = diesel::update(as_read).set(change).execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn event_counts(&mut self) -> RowResult<(u64, u64)> {
        let waiting = events::table.filter(events::next_try_at.is_not_null()).count();
        let waiting: QueryResult<i64> = waiting.get_result(self.reading().await?).await;
        let waiting = self.answer(waiting)?;
        let failed = events::table.filter(events::next_try_at.is_null()).count();
        let failed: QueryResult<i64> = failed.get_result(self.reading().await?).await;
        let failed = self.answer(failed)?;
        Ok((u64::try_from(waiting).unwrap_or(0), u64::try_from(failed).unwrap_or(0)))
    }

    async fn remove_events_of(&mut self, kind: EventKind, identity: IdentityId) -> RowResult<()> {
        let theirs = events::kind.eq(kind.as_str()).and(events::identity_id.eq(identity.to_string()));
        let removed = diesel::delete(events::table.filter(theirs)).execute(self.writing().await?).await;
        self.answer(removed).map(drop)
    }

    async fn remove_event(&mut self, id: EventId) -> RowResult<()> {
        let removed = diesel::delete(events::table.find(id.as_number())).execute(self.writing().await?).await;
        self.answer(removed).map(drop)
    }
}
