//! All that is kept of a person.

use saoma_domain::{
    actor::Actor,
    ports::{AuditEntry, PersonExport},
    session::Session,
    time::Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::SiteAccount;
use crate::dto::rfc3339;

/// All that is kept of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportBody {
    account: SiteAccount,
    sessions: Vec<ExportedSession>,
    /// What happened to the account, the oldest first.
    trail: Vec<ExportedEntry>,
}

#[derive(Serialize, ToSchema)]
struct ExportedSession {
    id: String,
    created_at: String,
    last_seen_at: String,
    ended_at: Option<String>,
    user_agent: String,
    ip: String,
}

#[derive(Serialize, ToSchema)]
struct ExportedEntry {
    at: String,
    kind: &'static str,
    /// Who did it, where that was neither the person nor the service: `key:<name>` or `operator`.
    actor: Option<String>,
}

impl ExportBody {
    pub(crate) fn new(export: PersonExport) -> Self {
        Self {
            account: SiteAccount::of(&export.person),
            sessions: export.sessions.into_iter().map(ExportedSession::new).collect(),
            trail: export.trail.into_iter().map(ExportedEntry::new).collect(),
        }
    }
}

impl ExportedSession {
    fn new((session, ended_at): (Session, Option<Timestamp>)) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: rfc3339(session.created_at),
            last_seen_at: rfc3339(session.last_seen_at),
            ended_at: ended_at.map(rfc3339),
            user_agent: session.client_info.user_agent,
            ip: session.client_info.ip,
        }
    }
}

impl ExportedEntry {
    fn new((entry, actor): (AuditEntry, Option<Actor>)) -> Self {
        let actor = actor.as_ref().map(Actor::to_text);
        Self { at: rfc3339(entry.at), kind: entry.kind.as_str(), actor }
    }
}
