//! What a login carries besides its id; the flows are right without it.

use super::{Channel, ScenePurpose};
use crate::wechat::AppName;

/// Who asked for a login: shown on the phone that scans it, and kept with the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientInfo {
    /// The client's address as text.
    pub ip: String,
    /// What the client calls itself (its `User-Agent`), cut to [`ClientInfo::USER_AGENT_CHARS`].
    pub user_agent: String,
}

impl ClientInfo {
    /// How many characters of a client's name for itself are kept.
    pub const USER_AGENT_CHARS: usize = 256;

    /// Makes the record of a client from its address and its `User-Agent`, without control characters.
    pub fn new(ip: impl Into<String>, user_agent: &str) -> Self {
        let user_agent =
            user_agent.chars().filter(|c| !c.is_control()).take(Self::USER_AGENT_CHARS).collect();
        Self { ip: ip.into(), user_agent }
    }
}

/// The small record about a login that lies on the cache for the login's lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginContext {
    /// The way in.
    pub channel: Channel,
    /// The WeChat app that the login was made for.
    pub app: AppName,
    /// What the login is for.
    pub purpose: ScenePurpose,
    /// Who asked.
    pub client_info: ClientInfo,
    /// Where the browser wants to go afterwards.
    pub return_to: Option<String>,
}
