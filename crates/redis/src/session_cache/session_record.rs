//! A live session as it lies in Redis.

use saoma_domain::{
    account::{Account, AccountId, Attributes, Conflict, ExternalId, Identity, IdentityId, PhoneNumber},
    login::{Channel, ClientInfo, LoginId},
    ports::ActiveSession,
    session::{AuthMethods, Session, SessionId},
    time::Timestamp,
    wechat::{AppName, OpenAccount, OpenId, Profile, RawUnionId, UnionId},
};
use serde::{Deserialize, Serialize};

/// A session with its account. Times are milliseconds since the Unix epoch.
#[derive(Serialize, Deserialize)]
pub(super) struct SessionRecord {
    id: [u8; 16],
    login: String,
    created_at: i64,
    last_seen_at: i64,
    ip: String,
    user_agent: String,
    auth_methods: String,
    account: AccountRecord,
    identities: Vec<IdentityRecord>,
    conflicts: Vec<ConflictRecord>,
}

#[derive(Serialize, Deserialize)]
struct AccountRecord {
    id: [u8; 16],
    phone: Option<String>,
    created_at: i64,
    disabled: bool,
    external_id: Option<String>,
    attributes: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
}

/// An identity of the session's account.
#[derive(Serialize, Deserialize)]
struct IdentityRecord {
    id: [u8; 16],
    app: String,
    channel: String,
    openid: String,
    union: Option<UnionRecord>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    unsubscribed_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct UnionRecord {
    open_account: String,
    unionid: String,
}

#[derive(Serialize, Deserialize)]
struct ConflictRecord {
    identity: IdentityRecord,
    other: AccountRecord,
}

impl From<&ActiveSession> for SessionRecord {
    fn from(known: &ActiveSession) -> Self {
        let ActiveSession { session, account, identities, conflicts } = known;
        Self {
            id: session.id.to_bytes(),
            login: session.login.to_string(),
            created_at: session.created_at.as_millis(),
            last_seen_at: session.last_seen_at.as_millis(),
            ip: session.client_info.ip.clone(),
            user_agent: session.client_info.user_agent.clone(),
            auth_methods: session.auth_methods.to_string(),
            account: account.into(),
            identities: identities.iter().map(IdentityRecord::from).collect(),
            conflicts: conflicts.iter().map(ConflictRecord::from).collect(),
        }
    }
}

impl From<&Account> for AccountRecord {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.to_bytes(),
            phone: account.phone.as_ref().map(|phone| phone.e164().to_owned()),
            created_at: account.created_at.as_millis(),
            disabled: account.disabled,
            external_id: account.external_id.as_ref().map(|id| id.as_str().to_owned()),
            attributes: account.attributes.as_ref().map(|attributes| attributes.as_json().to_owned()),
            nickname: account.profile.nickname.clone(),
            avatar_url: account.profile.avatar_url.clone(),
        }
    }
}

impl From<&Identity> for IdentityRecord {
    fn from(identity: &Identity) -> Self {
        Self {
            id: identity.id.to_bytes(),
            app: identity.app.to_string(),
            channel: identity.channel.as_str().to_owned(),
            openid: identity.openid.to_string(),
            union: identity.union.as_ref().map(UnionRecord::from),
            nickname: identity.profile.nickname.clone(),
            avatar_url: identity.profile.avatar_url.clone(),
            unsubscribed_at: identity.unsubscribed_at.map(Timestamp::as_millis),
        }
    }
}

impl From<&UnionId> for UnionRecord {
    fn from(union: &UnionId) -> Self {
        Self { open_account: union.open_account.to_string(), unionid: union.unionid.as_str().to_owned() }
    }
}

impl From<&Conflict> for ConflictRecord {
    fn from(conflict: &Conflict) -> Self {
        Self { identity: (&conflict.identity).into(), other: (&conflict.other).into() }
    }
}

impl SessionRecord {
    /// Returns the session; `None` when a field is not valid.
    pub(super) fn into_known(self) -> Option<ActiveSession> {
        let account = self.account.into_account()?;
        let session = Session {
            id: SessionId::from_store(self.id),
            login: LoginId::from_store(&self.login)?,
            account: account.id,
            created_at: Timestamp::from_millis(self.created_at),
            last_seen_at: Timestamp::from_millis(self.last_seen_at),
            client_info: ClientInfo { ip: self.ip, user_agent: self.user_agent },
            auth_methods: AuthMethods::from_store(&self.auth_methods),
        };
        let identities = self.identities.into_iter().map(|record| record.into_identity(account.id));
        let identities = identities.collect::<Option<_>>()?;
        let conflicts = self.conflicts.into_iter().map(|record| record.into_conflict(account.id));
        let conflicts = conflicts.collect::<Option<_>>()?;
        Some(ActiveSession { session, account, identities, conflicts })
    }
}

impl AccountRecord {
    fn into_account(self) -> Option<Account> {
        Some(Account {
            id: AccountId::from_store(self.id),
            phone: match self.phone {
                Some(phone) => Some(PhoneNumber::from_store(&phone)?),
                None => None,
            },
            created_at: Timestamp::from_millis(self.created_at),
            disabled: self.disabled,
            external_id: match self.external_id {
                Some(id) => Some(ExternalId::parse(id).ok()?),
                None => None,
            },
            attributes: self.attributes.map(Attributes::from_store),
            profile: Profile { nickname: self.nickname, avatar_url: self.avatar_url },
        })
    }
}

impl IdentityRecord {
    fn into_identity(self, account: AccountId) -> Option<Identity> {
        Some(Identity {
            id: IdentityId::from_store(self.id),
            app: AppName::parse(self.app).ok()?,
            channel: Channel::parse(&self.channel)?,
            openid: OpenId::parse(self.openid).ok()?,
            union: match self.union {
                Some(union) => Some(union.into_union()?),
                None => None,
            },
            account: Some(account),
            profile: Profile { nickname: self.nickname, avatar_url: self.avatar_url },
            unsubscribed_at: self.unsubscribed_at.map(Timestamp::from_millis),
        })
    }
}

impl UnionRecord {
    fn into_union(self) -> Option<UnionId> {
        Some(UnionId {
            open_account: OpenAccount::parse(self.open_account).ok()?,
            unionid: RawUnionId::parse(self.unionid).ok()?,
        })
    }
}

impl ConflictRecord {
    fn into_conflict(self, account: AccountId) -> Option<Conflict> {
        Some(Conflict { identity: self.identity.into_identity(account)?, other: self.other.into_account()? })
    }
}
