//! Columns of accounts.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{Account, AccountId, Attributes, ExternalId, PhoneNumber},
    rules::rows::{AccountChange, AccountRow, RowResult},
    time::Timestamp,
    wechat::Profile,
};

use super::corrupt::corrupt;
use crate::schema::accounts;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub(crate) struct AccountColumns {
    id: String,
    phone: Option<String>,
    created_at: i64,
    disabled: bool,
    sessions_ended_at: Option<i64>,
    last_seen_at: i64,
    external_id: Option<String>,
    attributes: Option<String>,
    disabled_reason: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
}

impl AccountColumns {
    pub(crate) fn of(row: &AccountRow) -> Self {
        Self {
            id: row.account.id.to_string(),
            phone: row.account.phone.as_ref().map(|phone| phone.e164().to_owned()),
            created_at: row.account.created_at.as_millis(),
            disabled: row.account.disabled,
            sessions_ended_at: row.sessions_ended_at.map(Timestamp::as_millis),
            last_seen_at: row.last_seen_at.as_millis(),
            external_id: row.account.external_id.as_ref().map(ExternalId::to_string),
            attributes: row.account.attributes.as_ref().map(|kept| kept.as_json().to_owned()),
            disabled_reason: row.disabled_reason.clone(),
            nickname: row.account.profile.nickname.clone(),
            avatar_url: row.account.profile.avatar_url.clone(),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<AccountRow> {
        let wrong = |column| corrupt("accounts", column, &self.id);
        let account = Account {
            id: AccountId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            phone: match &self.phone {
                Some(phone) => Some(PhoneNumber::from_store(phone).ok_or_else(|| wrong("phone"))?),
                None => None,
            },
            created_at: Timestamp::from_millis(self.created_at),
            disabled: self.disabled,
            external_id: match self.external_id {
                Some(id) => Some(ExternalId::parse(id).map_err(|_| wrong("external_id"))?),
                None => None,
            },
            attributes: self.attributes.map(Attributes::from_store),
            profile: Profile { nickname: self.nickname, avatar_url: self.avatar_url },
        };
        Ok(AccountRow {
            account,
            sessions_ended_at: self.sessions_ended_at.map(Timestamp::from_millis),
            last_seen_at: Timestamp::from_millis(self.last_seen_at),
            disabled_reason: self.disabled_reason,
        })
    }
}

/// The columns that an [`AccountChange`] writes; those without a value stay as they are.
#[derive(AsChangeset)]
#[diesel(table_name = accounts)]
pub(crate) struct AccountChanges {
    phone: Option<Option<String>>,
    disabled: Option<bool>,
    disabled_reason: Option<Option<String>>,
    external_id: Option<Option<String>>,
    attributes: Option<Option<String>>,
    nickname: Option<Option<String>>,
    avatar_url: Option<Option<String>>,
}

impl AccountChanges {
    pub(crate) fn of(change: &AccountChange) -> Self {
        let AccountChange { phone, disabled, external_id, attributes, nickname, avatar_url } = change;
        Self {
            phone: phone.as_ref().map(|new| new.as_ref().map(|phone| phone.e164().to_owned())),
            disabled: disabled.as_ref().map(|disabling| disabling.disabled),
            disabled_reason: disabled.as_ref().map(|disabling| disabling.reason.clone()),
            external_id: external_id.as_ref().map(|new| new.as_ref().map(ExternalId::to_string)),
            attributes: attributes
                .as_ref()
                .map(|new| new.as_ref().map(|attributes| attributes.as_json().to_owned())),
            nickname: nickname.clone(),
            avatar_url: avatar_url.clone(),
        }
    }
}
