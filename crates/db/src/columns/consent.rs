//! Columns of consents.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId,
    consent::{Consent, ConsentVersion},
    login::LoginId,
    rules::rows::{ConsentRow, RowResult},
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::consents;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = consents, primary_key(login_id), treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct ConsentColumns {
    login_id: String,
    account_id: Option<String>,
    version: String,
    given_at: i64,
    ip: String,
    prune_at: Option<i64>,
}

impl ConsentColumns {
    pub(crate) fn of(row: &ConsentRow) -> Self {
        Self {
            login_id: row.login.to_string(),
            account_id: row.account.map(|account| account.to_string()),
            version: row.consent.version.to_string(),
            given_at: row.consent.at.as_millis(),
            ip: row.consent.ip.clone(),
            prune_at: row.prune_at.map(Timestamp::as_millis),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<ConsentRow> {
        let wrong = |column| corrupt("consents", column, &self.login_id);
        Ok(ConsentRow {
            login: LoginId::from_store(&self.login_id).ok_or_else(|| wrong("login_id"))?,
            account: match &self.account_id {
                Some(id) => Some(AccountId::parse(id).ok_or_else(|| wrong("account_id"))?),
                None => None,
            },
            consent: Consent {
                version: ConsentVersion::parse(self.version.as_str()).map_err(|_| wrong("version"))?,
                at: Timestamp::from_millis(self.given_at),
                ip: self.ip,
            },
            prune_at: self.prune_at.map(Timestamp::from_millis),
        })
    }
}
