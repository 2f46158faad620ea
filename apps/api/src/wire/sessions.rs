//! Bodies of the session resource.

use saoma_domain::{
    account::{Account, Conflict, Identity},
    login::Channel,
    ports::ActiveSession,
    services::IssuedSession,
    session::{Session, SessionId, SessionPolicy},
    time::Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::rfc3339;

/// An account, as its owner sees it right after a login.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountBody {
    id: String,
    /// The phone number with its middle hidden.
    phone: String,
}

impl AccountBody {
    pub(crate) fn new(account: &Account) -> Self {
        Self { id: account.id.to_string(), phone: account.phone.masked() }
    }
}

/// An account after a change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountAnswer {
    account: AccountBody,
}

impl AccountAnswer {
    pub(crate) fn new(account: &Account) -> Self {
        Self { account: AccountBody::new(account) }
    }
}

/// A session that was handed over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionBody {
    /// The secret of the session; only for `client: device`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    expires_at: String,
    expires_in: u64,
}

impl SessionBody {
    pub(crate) fn new(granted: &IssuedSession, now: Timestamp, token: bool) -> Self {
        Self {
            token: token.then(|| granted.token.reveal().to_string()),
            expires_at: rfc3339(granted.expires_at),
            expires_in: granted.expires_at.secs_until(now),
        }
    }
}

/// The session of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionAnswer {
    account: SessionAccount,
    created_at: String,
    expires_at: String,
    /// Signs that another account is the same person's; nothing is merged.
    conflicts: Vec<ConflictBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionAccount {
    id: String,
    /// The phone number with its middle hidden.
    phone: String,
    created_at: String,
    identities: Vec<IdentityBody>,
}

/// A WeChat identity that is bound to the account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityBody {
    id: String,
    app: String,
    channel: &'static str,
    nickname: Option<String>,
    avatar_url: Option<String>,
    /// Whether the person follows the official account; only of those.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscribed: Option<bool>,
}

/// An identity of the account that another account knows as its own person's.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConflictBody {
    /// The identity of this account.
    identity_id: String,
    app: String,
    channel: &'static str,
    /// The other account.
    account: AccountBody,
}

impl ConflictBody {
    fn new(conflict: &Conflict) -> Self {
        let Conflict { identity, other } = conflict;
        Self {
            identity_id: identity.id.to_string(),
            app: identity.app.to_string(),
            channel: identity.channel.as_str(),
            account: AccountBody::new(other),
        }
    }
}

impl SessionAnswer {
    pub(crate) fn new(checked: ActiveSession, policy: &SessionPolicy) -> Self {
        let expires_at = checked.expires_at(policy);
        let account = checked.account;
        Self {
            account: SessionAccount {
                id: account.id.to_string(),
                phone: account.phone.masked(),
                created_at: rfc3339(account.created_at),
                identities: checked.identities.into_iter().map(IdentityBody::new).collect(),
            },
            created_at: rfc3339(checked.session.created_at),
            expires_at: rfc3339(expires_at),
            conflicts: checked.conflicts.iter().map(ConflictBody::new).collect(),
        }
    }
}

impl IdentityBody {
    fn new(identity: Identity) -> Self {
        let follows = identity.channel == Channel::OfficialAccount;
        Self {
            id: identity.id.to_string(),
            app: identity.app.to_string(),
            channel: identity.channel.as_str(),
            nickname: identity.profile.nickname,
            avatar_url: identity.profile.avatar_url,
            subscribed: follows.then_some(identity.unsubscribed_at.is_none()),
        }
    }
}

/// The sessions of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionsBody {
    pub(crate) sessions: Vec<ListedSession>,
}

/// One of an account's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedSession {
    id: String,
    created_at: String,
    last_seen_at: String,
    user_agent: String,
    ip: String,
    /// Whether it is the caller's own.
    current: bool,
}

impl ListedSession {
    pub(crate) fn new(session: Session, current: SessionId) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: rfc3339(session.created_at),
            last_seen_at: rfc3339(session.last_seen_at),
            current: session.id == current,
            user_agent: session.client_info.user_agent,
            ip: session.client_info.ip,
        }
    }
}
