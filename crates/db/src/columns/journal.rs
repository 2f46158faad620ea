//! Columns of the journal.

use std::{borrow::Cow, sync::Arc};

use diesel::prelude::{Queryable, Selectable};
use saoma_domain::{
    journal::{JournalEntry, JournalId},
    login::LoginId,
    rules::rows::RowResult,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::corrupt::corrupt;
use crate::schema::journal;

/// An entry to write: what the database takes in another form than the entry has it. The rest is read from the entry.
pub(crate) struct NewJournalColumns {
    pub(crate) entry: Arc<JournalEntry>,
    pub(crate) outcome: Cow<'static, str>,
    pub(crate) id: i64,
    pub(crate) received_at: i64,
    pub(crate) told_at: i64,
    pub(crate) login_id: Option<String>,
    pub(crate) took_ms: i64,
    pub(crate) replay_of: Option<i64>,
}

impl NewJournalColumns {
    pub(crate) fn of(entry: Arc<JournalEntry>, outcome: Cow<'static, str>) -> Self {
        Self {
            outcome,
            id: entry.id.as_number(),
            received_at: entry.received_at.as_millis(),
            told_at: entry.told_at.as_millis(),
            login_id: entry.login.map(|login| login.to_string()),
            took_ms: entry.took_ms.into(),
            replay_of: entry.replay_of.map(JournalId::as_number),
            entry,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = journal)]
pub(crate) struct JournalColumns {
    id: i64,
    openid: String,
    app: String,
    received_at: i64,
    told_at: i64,
    kind: String,
    key: Option<String>,
    text: Option<String>,
    msg_id: Option<String>,
    outcome: String,
    login_id: Option<String>,
    node: String,
    request_id: String,
    took_ms: i64,
    replay_of: Option<i64>,
}

impl JournalColumns {
    pub(crate) fn into_entry(self) -> RowResult<JournalEntry> {
        let wrong = |column| corrupt("journal", column, &self.id.to_string());
        let login =
            self.login_id.as_deref().map(|id| LoginId::from_store(id).ok_or_else(|| wrong("login_id")));
        Ok(JournalEntry {
            id: JournalId::from_store(self.id),
            received_at: Timestamp::from_millis(self.received_at),
            told_at: Timestamp::from_millis(self.told_at),
            app: AppName::parse(&self.app).map_err(|_| wrong("app"))?,
            openid: OpenId::parse(&self.openid).map_err(|_| wrong("openid"))?,
            took_ms: u32::try_from(self.took_ms).map_err(|_| wrong("took_ms"))?,
            login: login.transpose()?,
            replay_of: self.replay_of.map(JournalId::from_store),
            kind: self.kind.into(),
            key: self.key,
            text: self.text,
            msg_id: self.msg_id,
            outcome: self.outcome.into(),
            node: self.node.into(),
            request_id: self.request_id,
        })
    }
}
