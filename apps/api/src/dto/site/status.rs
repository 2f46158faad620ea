//! How the service is.

use serde::Serialize;
use utoipa::ToSchema;

/// How the service is.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusBody {
    /// The version of the service.
    pub(crate) version: &'static str,
    /// The last change of the database's tables that this version knows.
    pub(crate) schema: &'static str,
    /// This node.
    pub(crate) node: String,
    /// The time of this node.
    pub(crate) now: String,
    /// Whether the database answers.
    pub(crate) database: &'static str,
    /// Whether the store answers.
    pub(crate) store: &'static str,
    /// What the database is, and in which version; absent where it does not answer.
    pub(crate) database_version: Option<String>,
    #[serde(flatten)]
    pub(crate) parts: PartsStatus,
    pub(crate) queues: QueueStatus,
    /// What is left of what WeChat lets each app do today, as far as WeChat tells.
    pub(crate) quotas: Vec<QuotaStatus>,
}

/// What is left of a quota of WeChat's for today.
#[derive(Serialize, ToSchema)]
pub(crate) struct QuotaStatus {
    pub(crate) app: String,
    /// The path of WeChat's API.
    pub(crate) api: &'static str,
    pub(crate) daily_limit: u64,
    pub(crate) used: u64,
    pub(crate) left: u64,
}

/// How the parts are that a node serves without, if need be: what `GET /readyz?verbose` says.
#[derive(Serialize, ToSchema)]
pub(crate) struct PartsStatus {
    pub(crate) apps: Vec<AppStatus>,
    pub(crate) sms: Vec<SmsStatus>,
    pub(crate) clock: ClockStatus,
}

/// How a provider of SMS is.
#[derive(Serialize, ToSchema)]
pub(crate) struct SmsStatus {
    pub(crate) provider: &'static str,
    /// How the last message ended that this node handed it: `sent`, or a word for what went wrong.
    pub(crate) last_outcome: Option<&'static str>,
    pub(crate) last_at: Option<String>,
}

/// How this node's clock is.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClockStatus {
    /// How many milliseconds it is ahead of the database's; absent where that has none of its own, or does not answer.
    pub(crate) ahead_of_database_ms: Option<i64>,
    /// How many seconds it was ahead of WeChat's at the last callback; it is some for each second on the way.
    pub(crate) ahead_of_wechat_s: Option<i64>,
}

/// How an app is.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppStatus {
    pub(crate) name: String,
    /// `official_account`, `website`, `mini_program`, `mobile_app`
    pub(crate) kind: &'static str,
    /// What WeChat told last, as far as the journal knows.
    pub(crate) last_callback: Option<LastCallback>,
    /// For how many seconds the access token of this node is good; absent where it has none.
    pub(crate) token_expires_in: Option<u64>,
}

/// What WeChat told last.
#[derive(Serialize, ToSchema)]
pub(crate) struct LastCallback {
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) outcome: String,
    /// How many seconds this node's clock was ahead of WeChat's then; it is some for each second on the way.
    pub(crate) clock_skew_s: i64,
}

/// What waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueueStatus {
    /// Events for webhooks that wait.
    pub(crate) webhooks_waiting: u64,
    /// Events for webhooks that failed.
    pub(crate) webhooks_failed: u64,
    /// Messages for the sites' own systems that wait.
    pub(crate) relay_waiting: u64,
}
