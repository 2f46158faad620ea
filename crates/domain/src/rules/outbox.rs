//! The outbox: an event is written for each receiver that hears it, in the transaction that made it true, and leaves it
//! once the receiver took it. Those of one account go out one after the other.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    rows::{EventRow, EventRows, NewEventRow, RowResult, SessionRows},
    transactions::Transactions,
};
use crate::{
    event::{Event, EventId, EventKind, Listeners, ReceiverName},
    ports::{DueEvent, EventDelivery, EventSettled, EventTry, Outbox, StoreError},
    session::Session,
    time::Timestamp,
};

/// How long one try may take. For so long an event that was claimed, and with it its account, belongs to one node.
pub const EVENT_TRY: Duration = Duration::from_secs(15);

/// For so long after it happened an event is tried.
pub const EVENT_TRIED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// For so long a failed event waits for an operator.
const FAILED_KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// An event that waits for an earlier one is looked at again so long after the next try of that one, should its end be
/// missed.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The pauses between tries; the last one is repeated.
const PAUSES: [Duration; 9] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(2 * 60 * 60),
];

/// Writes an event for those who hear it.
pub(super) async fn tell(rows: &mut impl EventRows, event: Event) -> RowResult<()> {
    let receivers: Vec<ReceiverName> = rows.listeners().of(event.kind).cloned().collect();
    for receiver in receivers {
        tell_one(rows, receiver, event.clone()).await?;
    }
    Ok(())
}

async fn tell_one(rows: &mut impl EventRows, receiver: ReceiverName, event: Event) -> RowResult<()> {
    let give_up_at = event.at.plus(EVENT_TRIED_FOR);
    let prune_at = give_up_at.plus(FAILED_KEPT_FOR);
    rows.insert_event(&NewEventRow { receiver, event, give_up_at, prune_at }).await
}

/// Writes the end of a session for the OpenID clients that it has told who it is and that want to hear of it. Costs nothing
/// where no client does.
pub(super) async fn tell_clients(
    rows: &mut (impl EventRows + SessionRows),
    session: &Session,
    at: Timestamp,
) -> RowResult<()> {
    let hears: Vec<ReceiverName> = rows.listeners().of(EventKind::OidcLogout).cloned().collect();
    if hears.is_empty() {
        return Ok(());
    }
    for client in rows.clients_of_session(session.id).await? {
        let receiver = ReceiverName::of_client(&client);
        if hears.contains(&receiver) {
            let event = Event::of_account(EventKind::OidcLogout, session.account, at);
            tell_one(rows, receiver, Event { session: Some(session.id), ..event }).await?;
        }
    }
    Ok(())
}

/// Events to take.
struct Claim {
    receiver: ReceiverName,
    now: Timestamp,
    at_most: u32,
}

/// A try that is over.
struct Try {
    id: EventId,
    tries: u32,
    outcome: EventTry,
    now: Timestamp,
}

#[async_trait]
impl<X: Transactions> Outbox for X {
    fn listen(&self, listeners: Listeners) {
        self.set_listeners(listeners);
    }

    async fn note(&self, event: Event) -> Result<(), StoreError> {
        self.run(event, |rows, event| Box::pin(tell(rows, event.clone()))).await
    }

    async fn claim(
        &self,
        receiver: &ReceiverName,
        now: Timestamp,
        at_most: u32,
    ) -> Result<Vec<DueEvent>, StoreError> {
        let claim = |at_most| Claim { receiver: receiver.clone(), now, at_most };
        // A read comes first: mostly no event waits, and a transaction would take a turn to write.
        let look = claim(1);
        let due = self
            .read(look, |rows, claim| Box::pin(rows.due_events(&claim.receiver, claim.now, claim.at_most)));
        if due.await?.is_empty() {
            return Ok(Vec::new());
        }
        self.run(claim(at_most), |rows, claim| Box::pin(claim_events(rows, claim))).await
    }

    async fn settle(
        &self,
        id: EventId,
        tries: u32,
        outcome: EventTry,
        now: Timestamp,
    ) -> Result<EventSettled, StoreError> {
        let over = Try { id, tries, outcome, now };
        self.run(over, |rows, over| Box::pin(settle_event(rows, over))).await
    }

    async fn deliveries(&self, after: Option<EventId>, limit: u32) -> Result<Vec<EventDelivery>, StoreError> {
        let wanted = (after, limit);
        let found = self.read(wanted, |rows, (after, limit)| Box::pin(rows.events_after(*after, *limit)));
        Ok(found.await?.into_iter().map(delivery).collect())
    }

    async fn counts(&self) -> Result<(u64, u64), StoreError> {
        self.read((), |rows, ()| Box::pin(rows.event_counts())).await
    }

    async fn retry(&self, id: EventId, now: Timestamp) -> Result<bool, StoreError> {
        self.run((id, now), |rows, (id, now)| Box::pin(retry_event(rows, *id, *now))).await
    }
}

/// Takes events for a try. A later event of an account is left until the earlier ones are settled.
async fn claim_events(rows: &mut impl EventRows, claim: &Claim) -> RowResult<Vec<DueEvent>> {
    let mut claimed = Vec::new();
    for mut row in rows.due_events(&claim.receiver, claim.now, claim.at_most).await? {
        let first = rows.first_waiting_event(&claim.receiver, &row.new.event.lane()).await?;
        let read_tries = row.tries;
        if let Some(first) = first.filter(|first| first.id != row.id) {
            let its_try = first.next_try_at.unwrap_or(claim.now).max(claim.now);
            row.next_try_at = Some(its_try.plus(LOOK_AGAIN));
            rows.update_event(&row, read_tries).await?;
            continue;
        }
        row.tries = read_tries.saturating_add(1);
        row.next_try_at = Some(claim.now.plus(EVENT_TRY));
        rows.update_event(&row, read_tries).await?;
        claimed.push(DueEvent { id: row.id, event: row.new.event, tries: row.tries });
    }
    Ok(claimed)
}

async fn settle_event(rows: &mut impl EventRows, over: &Try) -> RowResult<EventSettled> {
    let Some(mut row) = rows.event(over.id).await? else { return Ok(EventSettled::NotOurs) };
    let (is_final, error) = match &over.outcome {
        EventTry::Delivered => {
            rows.remove_event(row.id).await?;
            let_next_go(rows, &row, over.now).await?;
            return Ok(EventSettled::Delivered);
        }
        EventTry::Failed(error) => (row.new.give_up_at <= over.now, error),
        EventTry::Refused(error) => (true, error),
    };
    if row.next_try_at.is_none() || row.tries != over.tries {
        return Ok(EventSettled::NotOurs);
    }
    row.last_error = Some(error.clone());
    row.next_try_at = (!is_final).then(|| over.now.plus(pause_after(over.tries)));
    rows.update_event(&row, over.tries).await?;
    if is_final {
        let_next_go(rows, &row, over.now).await?;
        return Ok(EventSettled::Failed);
    }
    Ok(EventSettled::Waits)
}

/// Lets the event go that waited for this one.
async fn let_next_go(rows: &mut impl EventRows, done: &EventRow, now: Timestamp) -> RowResult<()> {
    let next = rows.first_waiting_event(&done.new.receiver, &done.new.event.lane()).await?;
    let Some(mut next) = next else { return Ok(()) };
    // One that is being tried stays with its node.
    if next.tries > 0 || next.next_try_at.is_some_and(|at| at <= now) {
        return Ok(());
    }
    next.next_try_at = Some(now);
    let read_tries = next.tries;
    rows.update_event(&next, read_tries).await
}

async fn retry_event(rows: &mut impl EventRows, id: EventId, now: Timestamp) -> RowResult<bool> {
    let Some(mut row) = rows.event(id).await? else { return Ok(false) };
    // One whose next try is so close may be under way.
    let is_soon = row.next_try_at.is_some_and(|at| at <= now.plus(EVENT_TRY));
    row.next_try_at = row.next_try_at.filter(|_| is_soon).or(Some(now));
    row.new.give_up_at = now.plus(EVENT_TRIED_FOR);
    row.new.prune_at = row.new.give_up_at.plus(FAILED_KEPT_FOR);
    let read_tries = row.tries;
    rows.update_event(&row, read_tries).await?;
    Ok(true)
}

fn delivery(row: EventRow) -> EventDelivery {
    let EventRow { id, new: NewEventRow { receiver, event, .. }, tries, next_try_at, last_error } = row;
    EventDelivery { id, receiver, event, tries, next_try_at, last_error }
}

fn pause_after(tries: u32) -> Duration {
    let at = usize::try_from(tries).unwrap_or(usize::MAX).saturating_sub(1);
    PAUSES.get(at).or(PAUSES.last()).copied().unwrap_or(EVENT_TRY)
}
