//! What a login carries besides its id. Logins go on without it.

use super::{Channel, ScenePurpose};
use crate::wechat::AppName;

/// Who calls: shown on the phone that scans a login's code, and stored with a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientInfo {
    /// The client's address as text.
    pub ip: String,
    /// The client's `User-Agent`, cut to [`ClientInfo::USER_AGENT_BYTES`].
    pub user_agent: String,
}

impl ClientInfo {
    /// How many bytes of a `User-Agent` are kept: enough for the names of browser and system, which stand last in those
    /// of WeChat, and so few that a waiting login stays below 600 bytes.
    pub const USER_AGENT_BYTES: usize = 240;

    /// Makes the record of a client from its address and its `User-Agent`, without control characters.
    pub fn new(ip: impl Into<String>, user_agent: &str) -> Self {
        let mut kept = String::new();
        for character in user_agent.chars().filter(|character| !character.is_control()) {
            if kept.len() + character.len_utf8() > Self::USER_AGENT_BYTES {
                break;
            }
            kept.push(character);
        }
        // A waiting login keeps it, and there may be a million of them.
        kept.shrink_to_fit();
        Self { ip: ip.into(), user_agent: kept }
    }
}

/// The small record about a login that is cached for the login's lifetime: what the phone that scans it is shown,
/// and what reports count it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginContext {
    /// The way in.
    pub channel: Channel,
    /// The WeChat app that the login was started for.
    pub app: AppName,
    /// What the login is for.
    pub purpose: ScenePurpose,
    /// Who started it.
    pub client_info: ClientInfo,
}

#[cfg(test)]
mod tests {
    use super::ClientInfo;

    #[test]
    fn a_user_agent_is_cut_to_whole_characters_within_its_bytes() {
        let kept = |user_agent: &str| ClientInfo::new("192.0.2.1", user_agent).user_agent;
        assert_eq!(kept("curl/8\r\n\u{7f}.5.0"), "curl/8.5.0");
        assert_eq!(kept(&"x".repeat(300)).len(), ClientInfo::USER_AGENT_BYTES);
        assert_eq!(kept(&"🦀".repeat(300)), "🦀".repeat(60));
        assert_eq!(
            kept(&format!("x{}", "🦀".repeat(300))),
            format!("x{}", "🦀".repeat(59)),
            "none is cut in half"
        );
    }
}
