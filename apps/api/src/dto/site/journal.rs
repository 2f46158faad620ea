//! Entries of the journal.

use saoma_domain::journal::JournalEntry;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::dto::rfc3339;

/// Which entries of the journal are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct JournalQuery {
    /// Those of this app.
    pub(crate) app: Option<String>,
    /// Those of this person.
    pub(crate) openid: Option<String>,
    /// Those that led to this, such as `logged_in` or `expired`.
    pub(crate) outcome: Option<String>,
    /// Those of this login.
    pub(crate) login: Option<String>,
    /// `next` of the page before.
    pub(crate) after: Option<String>,
    /// How many, 1 to 200; 50 by default.
    pub(crate) limit: Option<u32>,
}

/// A call of WeChat's that was accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct JournalBody {
    pub(crate) id: String,
    /// When it came.
    received_at: String,
    /// When WeChat says that it happened.
    created_at: String,
    app: String,
    openid: String,
    /// `subscribe`, `scan`, `text`, … or the name of the event.
    kind: String,
    /// The scene, the key of the menu, or what else it is about.
    key: Option<String>,
    /// WeChat's number of the message; events have none.
    msg_id: Option<String>,
    /// What the person wrote; only with `journal.keep_text`.
    text: Option<String>,
    /// What it led to.
    outcome: String,
    /// The login that it was about.
    login: Option<String>,
    /// The node that took it.
    node: String,
    request_id: String,
    took_ms: u32,
    /// The entry that was taken again.
    replay_of: Option<String>,
}

impl JournalBody {
    pub(crate) fn new(entry: &JournalEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            received_at: rfc3339(entry.received_at),
            created_at: rfc3339(entry.told_at),
            app: entry.app.to_string(),
            openid: entry.openid.to_string(),
            kind: entry.kind.to_string(),
            key: entry.key.clone(),
            msg_id: entry.msg_id.clone(),
            text: entry.text.clone(),
            outcome: entry.outcome.to_string(),
            login: entry.login.map(|login| login.to_string()),
            node: entry.node.to_string(),
            request_id: entry.request_id.clone(),
            took_ms: entry.took_ms,
            replay_of: entry.replay_of.map(|id| id.to_string()),
        }
    }
}

/// How an event is to be taken again.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayRequest {
    /// Whether only to say what it would lead to.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// What a replay led to.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayBody {
    /// As in the journal; `not_replayable` for what cannot be taken again.
    pub(crate) outcome: &'static str,
    /// Why it cannot be taken again, or what a message would be answered; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    /// The entry of the replay; absent where nothing was done.
    pub(crate) id: Option<String>,
}
