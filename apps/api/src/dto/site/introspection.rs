//! Bodies of `POST /v1/admin/introspect`.

use saoma_domain::{
    account::IdentityId,
    ports::ActiveSession,
    session::{AuthMethod, Session, SessionPolicy},
    wechat::AppProfile,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accounts::SiteAccount;
use crate::dto::rfc3339;

/// What a client showed of its session: exactly one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntrospectRequest {
    /// The session's token.
    Token(String),
    /// The value of the session's cookie, or a whole `Cookie` header that has it.
    Cookie(String),
}

/// Whose session it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct IntrospectionAnswer {
    /// Whether it is a session that can be used.
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<SiteAccount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SiteSession>,
}

impl IntrospectionAnswer {
    /// Answers for a session that can be used.
    pub(crate) fn of(
        active: &ActiveSession,
        profiles: &[(IdentityId, AppProfile)],
        policy: &SessionPolicy,
    ) -> Self {
        Self {
            active: true,
            account: Some(SiteAccount::of_session(active, profiles)),
            session: Some(SiteSession::new(&active.session, policy)),
        }
    }

    /// Answers for anything else.
    pub(crate) fn inactive() -> Self {
        Self { active: false, account: None, session: None }
    }
}

/// A session as the site's own back end sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteSession {
    id: String,
    created_at: String,
    /// When the person logged in.
    auth_time: String,
    /// How the person proved who they are, as in the answer of `GET /v1/session`.
    amr: Vec<&'static str>,
    /// When it was used last, give or take a minute.
    last_seen_at: String,
    expires_at: String,
    user_agent: String,
    ip: String,
}

impl SiteSession {
    pub(crate) fn new(session: &Session, policy: &SessionPolicy) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: rfc3339(session.created_at),
            auth_time: rfc3339(session.created_at),
            amr: session.auth_methods.iter().map(AuthMethod::as_str).collect(),
            last_seen_at: rfc3339(session.last_seen_at),
            expires_at: rfc3339(session.expires_at(policy)),
            user_agent: session.client_info.user_agent.clone(),
            ip: session.client_info.ip.clone(),
        }
    }
}
