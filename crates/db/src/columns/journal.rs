//! Columns of the journal.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    journal::{JournalEntry, JournalId},
    login::LoginId,
    rules::rows::RowResult,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::corrupt::corrupt;
use crate::schema::journal;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = journal, treat_none_as_default_value = false)]
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
    pub(crate) fn of(entry: JournalEntry) -> Self {
        Self {
            id: entry.id.as_number(),
            openid: entry.openid.into(),
            app: entry.app.into(),
            received_at: entry.received_at.as_millis(),
            told_at: entry.told_at.as_millis(),
            kind: entry.kind,
            key: entry.key,
            text: entry.text,
            msg_id: entry.msg_id,
            outcome: entry.outcome,
            login_id: entry.login.map(|login| login.to_string()),
            node: entry.node,
            request_id: entry.request_id,
            took_ms: entry.took_ms.into(),
            replay_of: entry.replay_of.map(JournalId::as_number),
        }
    }

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
            kind: self.kind,
            key: self.key,
            text: self.text,
            msg_id: self.msg_id,
            outcome: self.outcome,
            node: self.node,
            request_id: self.request_id,
        })
    }
}
