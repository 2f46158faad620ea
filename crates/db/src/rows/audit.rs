//! Rows of `audit`.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId,
    login::LoginId,
    ports::{AuditEntry, AuditKind, StoreError},
    time::Timestamp,
};

use super::corrupt;
use crate::schema::audit;

/// An entry to write; the database numbers them in their order.
#[derive(Insertable)]
#[diesel(table_name = audit)]
pub(crate) struct NewAuditRow {
    at: i64,
    kind: &'static str,
    account_id: String,
    login_id: Option<String>,
}

impl NewAuditRow {
    pub(crate) fn new(entry: &AuditEntry) -> Self {
        Self {
            at: entry.at.as_millis(),
            kind: entry.kind.as_str(),
            account_id: entry.account.to_string(),
            login_id: entry.login.map(|login| login.to_string()),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
pub(crate) struct AuditRow {
    id: i64,
    at: i64,
    kind: String,
    account_id: String,
    login_id: Option<String>,
}

impl AuditRow {
    pub(crate) fn into_domain(self) -> Result<AuditEntry, StoreError> {
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
