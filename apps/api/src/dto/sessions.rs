//! Bodies of the session resource.

use saoma_domain::{
    ports::ActiveSession,
    services::IssuedSession,
    session::{AuthMethod, Session, SessionId, SessionPolicy},
    time::Timestamp,
    wechat::Profile,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    accounts::{ConflictBody, IdentityBody},
    rfc3339,
};

/// A session that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionBody {
    /// The secret of the session; only for `client: device`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    expires_at: String,
    expires_in: u64,
}

impl SessionBody {
    /// Describes a session, with its token for a client that keeps it itself.
    pub(crate) fn new(issued: &IssuedSession, with_token: bool, now: Timestamp) -> Self {
        Self {
            token: with_token.then(|| issued.token.reveal().to_string()),
            expires_at: rfc3339(issued.expires_at),
            expires_in: issued.expires_at.secs_until(now),
        }
    }
}

/// The session of the client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionAnswer {
    account: SessionAccount,
    created_at: String,
    expires_at: String,
    /// When the person logged in.
    auth_time: String,
    /// How the person proved who they are: `wechat_qr`, `wechat_website`, `wechat_page`, `wechat_mini_program`,
    /// `wechat_app`, then `confirm_click`, `confirm_number`, `sms`, `wechat_phone`.
    amr: Vec<&'static str>,
    /// Other accounts that seem to be of the same person; they are not merged.
    conflicts: Vec<ConflictBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionAccount {
    id: String,
    /// The phone number with its middle hidden.
    phone: Option<String>,
    created_at: String,
    /// The name that the person chose for this site, or else that of an identity.
    nickname: Option<String>,
    avatar_url: Option<String>,
    /// What the site keeps with the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    attributes: Option<Value>,
    identities: Vec<IdentityBody>,
}

impl SessionAnswer {
    pub(crate) fn new(active: &ActiveSession, policy: &SessionPolicy) -> Self {
        let expires_at = active.expires_at(policy);
        let account = &active.account;
        Self {
            account: SessionAccount {
                id: account.id.to_string(),
                phone: account.masked_phone(),
                created_at: rfc3339(account.created_at),
                nickname: shown_name(active),
                avatar_url: shown(active, |profile| profile.avatar_url.as_ref()),
                // It was checked when it was stored.
                attributes: account
                    .attributes
                    .as_ref()
                    .and_then(|kept| serde_json::from_str(kept.as_json()).ok()),
                identities: active.identities.iter().map(IdentityBody::new).collect(),
            },
            created_at: rfc3339(active.session.created_at),
            expires_at: rfc3339(expires_at),
            auth_time: rfc3339(active.session.created_at),
            amr: active.session.auth_methods.iter().map(AuthMethod::as_str).collect(),
            conflicts: active.conflicts.iter().map(ConflictBody::new).collect(),
        }
    }
}

/// Returns what the person shows: what they chose for this site, or else what an identity tells, the first seen first.
fn shown(active: &ActiveSession, part: impl Fn(&Profile) -> Option<&String>) -> Option<String> {
    let profiles = active.identities.iter().map(|identity| &identity.profile);
    std::iter::once(&active.account.profile).chain(profiles).find_map(part).cloned()
}

/// Returns the name that the person shows.
pub(crate) fn shown_name(active: &ActiveSession) -> Option<String> {
    shown(active, |profile| profile.nickname.as_ref())
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
    /// Whether it is the session of the client that asks.
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
