//! Rows of `accounts`.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{Account, AccountId, PhoneNumber},
    ports::StoreError,
    time::Timestamp,
};

use super::corrupt;
use crate::schema::accounts;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts)]
pub(crate) struct AccountRow {
    id: String,
    phone: String,
    created_at: i64,
    disabled: bool,
    sessions_ended_at: Option<i64>,
}

impl AccountRow {
    pub(crate) fn new(id: AccountId, phone: &PhoneNumber, at: Timestamp) -> Self {
        Self {
            id: id.to_string(),
            phone: phone.e164().to_owned(),
            created_at: at.as_millis(),
            disabled: false,
            sessions_ended_at: None,
        }
    }

    /// Returns whether all sessions were ended at a moment or since: then a login that was registered at that
    /// moment opens none any more.
    pub(crate) fn has_ended_sessions_since(&self, at: Timestamp) -> bool {
        self.sessions_ended_at.is_some_and(|ended| at.as_millis() <= ended)
    }

    pub(crate) fn into_domain(self) -> Result<Account, StoreError> {
        let wrong = |column| corrupt("accounts", column, &self.id);
        Ok(Account {
            id: AccountId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            phone: PhoneNumber::from_store(&self.phone).ok_or_else(|| wrong("phone"))?,
            created_at: Timestamp::from_millis(self.created_at),
            disabled: self.disabled,
        })
    }
}
