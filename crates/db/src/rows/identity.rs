//! Rows of `identities`.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{AccountId, Identity, IdentityId},
    login::Channel,
    ports::{Scan, StoreError},
    time::Timestamp,
    wechat::{AppName, OpenAccount, OpenId, Profile, RawUnionId, UnionId},
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
    open_account: Option<String>,
    unionid: Option<String>,
    account_id: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    created_at: i64,
    linked_at: Option<i64>,
    prune_at: Option<i64>,
    unsubscribed_at: Option<i64>,
}

impl IdentityRow {
    /// Makes the row of a person who scans for the first time; without an account it goes with its login.
    pub(crate) fn first_seen(scan: &Scan, prune_at: i64) -> Self {
        Self {
            id: scan.new_identity.to_string(),
            app: scan.app.to_string(),
            channel: scan.channel.as_str().to_owned(),
            openid: scan.openid.to_string(),
            open_account: scan.union.as_ref().map(|union| union.open_account.to_string()),
            unionid: scan.union.as_ref().map(|union| union.unionid.to_string()),
            account_id: None,
            nickname: scan.profile.nickname.clone(),
            avatar_url: scan.profile.avatar_url.clone(),
            created_at: scan.at.as_millis(),
            linked_at: None,
            prune_at: Some(prune_at),
            unsubscribed_at: None,
        }
    }

    pub(crate) fn into_domain(self) -> Result<Identity, StoreError> {
        let wrong = |column| corrupt("identities", column, &self.id);
        let union = match self.unionid {
            Some(unionid) => {
                let open_account = self.open_account.ok_or_else(|| wrong("open_account"))?;
                Some(UnionId {
                    open_account: OpenAccount::parse(open_account).map_err(|_| wrong("open_account"))?,
                    unionid: RawUnionId::parse(unionid).map_err(|_| wrong("unionid"))?,
                })
            }
            None => None,
        };
        let account = match self.account_id {
            Some(id) => Some(AccountId::parse(&id).ok_or_else(|| wrong("account_id"))?),
            None => None,
        };
        Ok(Identity {
            id: IdentityId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            app: AppName::parse(self.app).map_err(|_| wrong("app"))?,
            channel: Channel::parse(&self.channel).ok_or_else(|| wrong("channel"))?,
            openid: OpenId::parse(self.openid).map_err(|_| wrong("openid"))?,
            union,
            account,
            profile: Profile { nickname: self.nickname, avatar_url: self.avatar_url },
            unsubscribed_at: self.unsubscribed_at.map(Timestamp::from_millis),
        })
    }
}

/// What has become known about an identity; columns without a value stay as they are.
#[derive(Default, PartialEq, AsChangeset)]
#[diesel(table_name = identities)]
pub(crate) struct IdentityChange {
    open_account: Option<String>,
    unionid: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    unsubscribed_at: Option<Option<i64>>,
}

impl IdentityChange {
    /// Makes the change to another unionid.
    pub(crate) fn to_union(union: &UnionId) -> Self {
        Self {
            open_account: Some(union.open_account.to_string()),
            unionid: Some(union.unionid.to_string()),
            ..Self::default()
        }
    }

    /// Makes the change by what a scan tells about a person, if that is anything new.
    pub(crate) fn by(scan: &Scan, known: &Identity) -> Option<Self> {
        let new = |told: &Option<String>, known: &Option<String>| told.clone().filter(|_| told != known);
        let union = scan.union.as_ref().filter(|union| known.union.as_ref() != Some(*union));
        let follows_again = scan.channel == Channel::OfficialAccount && known.unsubscribed_at.is_some();
        let change = Self {
            nickname: new(&scan.profile.nickname, &known.profile.nickname),
            avatar_url: new(&scan.profile.avatar_url, &known.profile.avatar_url),
            unsubscribed_at: follows_again.then_some(None),
            ..union.map_or_else(Self::default, Self::to_union)
        };
        (change != Self::default()).then_some(change)
    }
}
