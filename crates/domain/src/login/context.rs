//! What a login carries besides its id; the flows are right without it.

use super::{Channel, ScenePurpose};
use crate::wechat::AppName;

/// Who asked for a login: shown on the phone that scans it, and kept with the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// The client's address as text.
    pub ip: String,
    /// What the client calls itself (its `User-Agent`), cut to [`Asker::BROWSER_CHARS`].
    pub browser: String,
}

impl Asker {
    /// How many characters of a client's name for itself are kept.
    pub const BROWSER_CHARS: usize = 256;

    /// Makes the record of a client from its address and its `User-Agent`, without control characters.
    pub fn new(ip: impl Into<String>, browser: &str) -> Self {
        let browser = browser.chars().filter(|c| !c.is_control()).take(Self::BROWSER_CHARS).collect();
        Self { ip: ip.into(), browser }
    }
}

/// The small record about a login that lies on the board for the login's lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginContext {
    /// The way in.
    pub channel: Channel,
    /// The WeChat app that the login was made for.
    pub app: AppName,
    /// What the login is for.
    pub purpose: ScenePurpose,
    /// Who asked.
    pub asker: Asker,
    /// Where the browser wants to go afterwards.
    pub return_to: Option<String>,
}
