//! Columns of pending links.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId, login::LoginId, ports::PendingLink, rules::rows::RowResult, time::Timestamp,
};

use super::corrupt;
use crate::schema::pending_links;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = pending_links)]
pub(crate) struct PendingLinkColumns {
    login_id: String,
    account_id: String,
    asked_at: i64,
    prune_at: i64,
}

impl PendingLinkColumns {
    pub(crate) fn of(link: &PendingLink, prune_at: Timestamp) -> Self {
        Self {
            login_id: link.login.to_string(),
            account_id: link.account.to_string(),
            asked_at: link.at.as_millis(),
            prune_at: prune_at.as_millis(),
        }
    }

    pub(crate) fn into_link(self) -> RowResult<PendingLink> {
        let wrong = |column| corrupt("pending_links", column, &self.login_id);
        Ok(PendingLink {
            login: LoginId::from_store(&self.login_id).ok_or_else(|| wrong("login_id"))?,
            account: AccountId::parse(&self.account_id).ok_or_else(|| wrong("account_id"))?,
            at: Timestamp::from_millis(self.asked_at),
        })
    }
}
