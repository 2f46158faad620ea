//! Rows of `identities`.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{AccountId, Identity, IdentityId},
    login::Channel,
    ports::{Scan, StoreError},
    wechat::{AppName, OpenId, UnionId},
};

use super::corrupt;
use crate::schema::identities;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = identities)]
pub(crate) struct IdentityRow {
    id: String,
    app: String,
    channel: String,
    openid: String,
    unionid: Option<String>,
    account_id: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    created_at: i64,
    linked_at: Option<i64>,
    prune_at: Option<i64>,
}

impl IdentityRow {
    /// Makes the row of a person who scans for the first time; without an account it goes with its login.
    pub(crate) fn first_seen(scan: &Scan, prune_at: i64) -> Self {
        Self {
            id: scan.new_identity.to_string(),
            app: scan.app.to_string(),
            channel: scan.channel.as_str().to_owned(),
            openid: scan.openid.to_string(),
            unionid: None,
            account_id: None,
            nickname: None,
            avatar_url: None,
            created_at: scan.at.as_millis(),
            linked_at: None,
            prune_at: Some(prune_at),
        }
    }

    pub(crate) fn into_domain(self) -> Result<Identity, StoreError> {
        let wrong = |column| corrupt("identities", column, &self.id);
        let unionid = self.unionid.map(UnionId::parse).transpose().map_err(|_| wrong("unionid"))?;
        let account = match self.account_id {
            Some(id) => Some(AccountId::parse(&id).ok_or_else(|| wrong("account_id"))?),
            None => None,
        };
        Ok(Identity {
            id: IdentityId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            app: AppName::parse(self.app).map_err(|_| wrong("app"))?,
            channel: Channel::parse(&self.channel).ok_or_else(|| wrong("channel"))?,
            openid: OpenId::parse(self.openid).map_err(|_| wrong("openid"))?,
            unionid,
            account,
            nickname: self.nickname,
            avatar_url: self.avatar_url,
        })
    }
}
