//! Columns of messages for the site's own system.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    message::{MessageId, RawMessage, RelayedMessage},
    rules::rows::{MessageRow, RowResult},
    text::hex,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::corrupt::corrupt;
use crate::schema::messages;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = messages, primary_key(id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct MessageColumns {
    id: Vec<u8>,
    app: String,
    openid: String,
    received_at: i64,
    query: String,
    content_type: String,
    body: Vec<u8>,
    tries: i64,
    next_try_at: Option<i64>,
    prune_at: i64,
}

impl MessageColumns {
    pub(crate) fn of(row: &MessageRow) -> Self {
        let message = &row.message;
        Self {
            id: message.id.as_bytes().to_vec(),
            app: message.app.to_string(),
            openid: message.openid.to_string(),
            received_at: message.received_at.as_millis(),
            query: message.raw.query.clone(),
            content_type: message.raw.content_type.clone(),
            body: message.raw.body.clone(),
            tries: row.tries.into(),
            next_try_at: row.next_try_at.map(Timestamp::as_millis),
            prune_at: row.prune_at.as_millis(),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<MessageRow> {
        // The id says nothing about the person.
        let wrong = |column| corrupt("messages", column, &hex(&self.id));
        let id = <[u8; 32]>::try_from(self.id.as_slice()).map_err(|_| wrong("id"))?;
        let message = RelayedMessage {
            id: MessageId::from_store(id),
            app: AppName::parse(&self.app).map_err(|_| wrong("app"))?,
            openid: OpenId::parse(&self.openid).map_err(|_| wrong("openid"))?,
            raw: RawMessage { query: self.query, content_type: self.content_type, body: self.body },
            received_at: Timestamp::from_millis(self.received_at),
        };
        let tries = u32::try_from(self.tries).map_err(|_| wrong("tries"))?;
        let next_try_at = self.next_try_at.map(Timestamp::from_millis);
        Ok(MessageRow { message, tries, next_try_at, prune_at: Timestamp::from_millis(self.prune_at) })
    }
}
