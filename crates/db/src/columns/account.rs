//! Columns of accounts.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{Account, AccountId, PhoneNumber},
    rules::rows::{AccountRow, RowResult},
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::accounts;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub(crate) struct AccountColumns {
    id: String,
    phone: String,
    created_at: i64,
    disabled: bool,
    sessions_ended_at: Option<i64>,
    last_seen_at: i64,
}

impl AccountColumns {
    pub(crate) fn of(row: &AccountRow) -> Self {
        Self {
            id: row.account.id.to_string(),
            phone: row.account.phone.e164().to_owned(),
            created_at: row.account.created_at.as_millis(),
            disabled: row.account.disabled,
            sessions_ended_at: row.sessions_ended_at.map(Timestamp::as_millis),
            last_seen_at: row.last_seen_at.as_millis(),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<AccountRow> {
        let wrong = |column| corrupt("accounts", column, &self.id);
        let account = Account {
            id: AccountId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            phone: PhoneNumber::from_store(&self.phone).ok_or_else(|| wrong("phone"))?,
            created_at: Timestamp::from_millis(self.created_at),
            disabled: self.disabled,
        };
        Ok(AccountRow {
            account,
            sessions_ended_at: self.sessions_ended_at.map(Timestamp::from_millis),
            last_seen_at: Timestamp::from_millis(self.last_seen_at),
        })
    }
}
