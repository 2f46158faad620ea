//! Columns of events that wait for a receiver.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{AccountId, IdentityId},
    event::{Event, EventId, EventKind, ReceiverName},
    login::LoginId,
    rules::rows::{EventRow, NewEventRow, RowResult},
    session::SessionId,
    time::Timestamp,
    wechat::AppName,
};

use super::corrupt::corrupt;
use crate::schema::events;

/// An event to write; the database numbers the events in their order.
#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub(crate) struct NewEventColumns {
    receiver: String,
    lane: String,
    kind: &'static str,
    at: i64,
    account_id: Option<String>,
    identity_id: Option<String>,
    app: Option<String>,
    session_id: Option<String>,
    login_id: Option<String>,
    detail: Option<String>,
    tries: i64,
    next_try_at: Option<i64>,
    last_error: Option<String>,
    give_up_at: i64,
    prune_at: i64,
}

impl NewEventColumns {
    pub(crate) fn of(row: &NewEventRow) -> Self {
        let event = &row.event;
        Self {
            receiver: row.receiver.to_string(),
            lane: event.lane(),
            kind: event.kind.as_str(),
            at: event.at.as_millis(),
            account_id: event.account.map(|id| id.to_string()),
            identity_id: event.identity.map(|id| id.to_string()),
            app: event.app.as_ref().map(AppName::to_string),
            session_id: event.session.map(|id| id.to_string()),
            login_id: event.login.map(|id| id.to_string()),
            detail: event.detail.clone(),
            tries: 0,
            next_try_at: Some(event.at.as_millis()),
            last_error: None,
            give_up_at: row.give_up_at.as_millis(),
            prune_at: row.prune_at.as_millis(),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
pub(crate) struct EventColumns {
    id: i64,
    receiver: String,
    kind: String,
    at: i64,
    account_id: Option<String>,
    identity_id: Option<String>,
    app: Option<String>,
    session_id: Option<String>,
    login_id: Option<String>,
    detail: Option<String>,
    tries: i64,
    next_try_at: Option<i64>,
    last_error: Option<String>,
    give_up_at: i64,
    prune_at: i64,
}

impl EventColumns {
    pub(crate) fn into_row(self) -> RowResult<EventRow> {
        let number = self.id.to_string();
        let wrong = |column| corrupt("events", column, &number);
        let event = Event {
            kind: EventKind::parse(&self.kind).ok_or_else(|| wrong("kind"))?,
            at: Timestamp::from_millis(self.at),
            account: read(self.account_id, AccountId::parse).ok_or_else(|| wrong("account_id"))?,
            identity: read(self.identity_id, IdentityId::parse).ok_or_else(|| wrong("identity_id"))?,
            app: read(self.app, |name| AppName::parse(name).ok()).ok_or_else(|| wrong("app"))?,
            session: read(self.session_id, SessionId::parse).ok_or_else(|| wrong("session_id"))?,
            login: read(self.login_id, LoginId::from_store).ok_or_else(|| wrong("login_id"))?,
            detail: self.detail,
        };
        let new = NewEventRow {
            receiver: ReceiverName::parse(self.receiver).map_err(|_| wrong("receiver"))?,
            event,
            give_up_at: Timestamp::from_millis(self.give_up_at),
            prune_at: Timestamp::from_millis(self.prune_at),
        };
        Ok(EventRow {
            id: EventId::from_store(self.id),
            new,
            tries: u32::try_from(self.tries).map_err(|_| wrong("tries"))?,
            next_try_at: self.next_try_at.map(Timestamp::from_millis),
            last_error: self.last_error,
        })
    }
}

/// Reads a column that may be empty; `None` where it holds something that cannot be read.
#[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
fn read<T>(text: Option<String>, parse: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        Some(text) => parse(&text).map(Some),
        None => Some(None),
    }
}
