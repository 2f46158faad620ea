//! Columns of the audit trail.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId,
    actor::Actor,
    login::LoginId,
    ports::{AuditEntry, AuditKind},
    rules::rows::RowResult,
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::audit;

/// An entry to write; the database numbers the entries in their order.
#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
pub(crate) struct NewAuditColumns {
    at: i64,
    kind: &'static str,
    account_id: String,
    login_id: Option<String>,
    actor: Option<String>,
}

impl NewAuditColumns {
    pub(crate) fn of(entry: &AuditEntry, actor: Option<&Actor>) -> Self {
        Self {
            actor: actor.map(Actor::to_text),
            at: entry.at.as_millis(),
            kind: entry.kind.as_str(),
            account_id: entry.account.to_string(),
            login_id: entry.login.map(|login| login.to_string()),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
pub(crate) struct AuditColumns {
    id: i64,
    at: i64,
    kind: String,
    account_id: String,
    login_id: Option<String>,
}

impl AuditColumns {
    pub(crate) fn into_entry(self) -> RowResult<AuditEntry> {
        let wrong = |column| corrupt("audit", column, &self.id.to_string());
        let login = match &self.login_id {
            Some(id) => Some(LoginId::from_store(id).ok_or_else(|| wrong("login_id"))?),
            None => None,
        };
        Ok(AuditEntry {
            at: Timestamp::from_millis(self.at),
            kind: AuditKind::parse(&self.kind).ok_or_else(|| wrong("kind"))?,
            account: AccountId::parse(&self.account_id).ok_or_else(|| wrong("account_id"))?,
            login,
        })
    }
}
