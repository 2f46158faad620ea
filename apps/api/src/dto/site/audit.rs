//! Records of the audit trail.

use saoma_domain::{account::AccountId, actor::Actor, login::LoginId, ports::AuditRecord, text::hex};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::dto::rfc3339;

/// Which records of the trail are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Those of this account.
    pub(crate) account: Option<String>,
    /// Those of this kind, such as `session_created`.
    pub(crate) kind: Option<String>,
    /// `next` of the page before.
    pub(crate) after: Option<String>,
    /// How many, 1 to 200; 50 by default.
    pub(crate) limit: Option<u32>,
}

/// A record of the trail.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditBody {
    pub(crate) id: String,
    at: String,
    kind: &'static str,
    account: Option<String>,
    login: Option<String>,
    /// `person`, `key:<name>`, `operator` or `system`.
    actor: String,
    /// From where, where that is known.
    ip: Option<String>,
    user_agent: Option<String>,
    /// How it ended, where it did not simply happen.
    outcome: Option<String>,
    detail: Option<String>,
    /// Its place in the chain; absent for the first seconds.
    seq: Option<u64>,
    /// The SHA-256 of the chain up to it, in hex.
    hash: Option<String>,
}

impl AuditBody {
    pub(crate) fn new(record: &AuditRecord) -> Self {
        let note = &record.note;
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        // What a login or a session did was its person.
        let usual = if note.login.is_some() { Actor::Person } else { Actor::System };
        Self {
            id: record.id.to_string(),
            at: rfc3339(note.at),
            kind: note.kind.as_str(),
            account: note.account.as_ref().map(AccountId::to_string),
            login: note.login.as_ref().map(LoginId::to_string),
            actor: note.actor.as_ref().unwrap_or(&usual).to_text(),
            ip: given(&note.client.ip),
            user_agent: given(&note.client.user_agent),
            outcome: note.outcome.clone(),
            detail: note.detail.clone(),
            seq: record.seal.map(|seal| seal.seq),
            hash: record.seal.map(|seal| hex(&seal.hash)),
        }
    }
}

/// Returns a record of the trail as the command line shows it: JSON in one line.
pub fn audit_line(record: &AuditRecord) -> String {
    serde_json::to_string(&AuditBody::new(record)).unwrap_or_default()
}
