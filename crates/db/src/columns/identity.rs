//! Columns of identities.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{AccountId, Identity, IdentityId},
    login::Channel,
    rules::rows::{IdentityChange, IdentityRow, RowResult},
    time::Timestamp,
    wechat::{AppName, OpenAccount, OpenId, Profile, RawUnionId, UnionId},
};

use super::corrupt::corrupt;
use crate::schema::identities;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = identities, treat_none_as_default_value = false)]
pub(crate) struct IdentityColumns {
    id: String,
    app: String,
    channel: String,
    openid: String,
    open_account: Option<String>,
    unionid: Option<String>,
    account_id: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    created_at: i64,
    linked_at: Option<i64>,
    unsubscribed_at: Option<i64>,
    prune_at: Option<i64>,
    probation_until: Option<i64>,
    notice_until: Option<i64>,
}

impl IdentityColumns {
    pub(crate) fn of(row: &IdentityRow) -> Self {
        let identity = &row.identity;
        let (open_account, unionid) = union_columns(identity.union.as_ref());
        Self {
            id: identity.id.to_string(),
            app: identity.app.to_string(),
            channel: identity.channel.as_str().to_owned(),
            openid: identity.openid.to_string(),
            open_account,
            unionid,
            account_id: identity.account.map(|account| account.to_string()),
            nickname: identity.profile.nickname.clone(),
            avatar_url: identity.profile.avatar_url.clone(),
            created_at: row.created_at.as_millis(),
            linked_at: row.linked_at.map(Timestamp::as_millis),
            unsubscribed_at: identity.unsubscribed_at.map(Timestamp::as_millis),
            prune_at: row.prune_at.map(Timestamp::as_millis),
            probation_until: row.probation_until.map(Timestamp::as_millis),
            notice_until: row.notice_until.map(Timestamp::as_millis),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<IdentityRow> {
        let wrong = |column| corrupt("identities", column, &self.id);
        let union = match (self.open_account, self.unionid) {
            (Some(open_account), Some(unionid)) => Some(UnionId {
                open_account: OpenAccount::parse(open_account).map_err(|_| wrong("open_account"))?,
                unionid: RawUnionId::parse(unionid).map_err(|_| wrong("unionid"))?,
            }),
            (None, None) => None,
            (None, Some(_)) => return Err(wrong("open_account")),
            (Some(_), None) => return Err(wrong("unionid")),
        };
        let account = match self.account_id {
            Some(id) => Some(AccountId::parse(&id).ok_or_else(|| wrong("account_id"))?),
            None => None,
        };
        let identity = Identity {
            id: IdentityId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            app: AppName::parse(self.app).map_err(|_| wrong("app"))?,
            channel: Channel::parse(&self.channel).ok_or_else(|| wrong("channel"))?,
            openid: OpenId::parse(self.openid).map_err(|_| wrong("openid"))?,
            union,
            account,
            profile: Profile { nickname: self.nickname, avatar_url: self.avatar_url },
            unsubscribed_at: self.unsubscribed_at.map(Timestamp::from_millis),
        };
        Ok(IdentityRow {
            identity,
            created_at: Timestamp::from_millis(self.created_at),
            linked_at: self.linked_at.map(Timestamp::from_millis),
            prune_at: self.prune_at.map(Timestamp::from_millis),
            probation_until: self.probation_until.map(Timestamp::from_millis),
            notice_until: self.notice_until.map(Timestamp::from_millis),
        })
    }
}

/// The columns that an [`IdentityChange`] writes; those without a value stay as they are.
#[derive(AsChangeset)]
#[diesel(table_name = identities)]
pub(crate) struct IdentityChanges {
    open_account: Option<String>,
    unionid: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    unsubscribed_at: Option<Option<i64>>,
    probation_until: Option<i64>,
    notice_until: Option<i64>,
}

impl IdentityChanges {
    pub(crate) fn of(change: &IdentityChange) -> Self {
        let (open_account, unionid) = union_columns(change.union.as_ref());
        Self {
            open_account,
            unionid,
            nickname: change.nickname.clone(),
            avatar_url: change.avatar_url.clone(),
            unsubscribed_at: change.follows_again.then_some(None),
            probation_until: change.probation_until.map(Timestamp::as_millis),
            notice_until: change.notice_until.map(Timestamp::as_millis),
        }
    }
}

fn union_columns(union: Option<&UnionId>) -> (Option<String>, Option<String>) {
    let open_account = union.map(|union| union.open_account.to_string());
    (open_account, union.map(|union| union.unionid.to_string()))
}
