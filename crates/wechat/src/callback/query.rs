//! The query string of a callback.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The query parameters that WeChat adds to the callback URL, not yet trusted.
///
/// A missing parameter is empty or `None` and fails the check that needs it; unknown ones are ignored.
/// `Debug` leaves the signatures out: in plain mode a captured one is good for as long as its timestamp is
/// fresh.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallbackQuery {
    /// SHA-1 over token, timestamp and nonce; it does not cover the body.
    pub signature: String,
    /// Unix seconds, as text because the signature covers the text.
    pub timestamp: String,
    /// A text of WeChat's choice.
    pub nonce: String,
    /// The text to send back when the URL is checked (GET).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echostr: Option<String>,
    /// The sender in the query's words. No signature covers it, so only the body's `FromUserName` counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openid: Option<String>,
    /// `aes` where the body is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypt_type: Option<String>,
    /// SHA-1 over token, timestamp, nonce and the encrypted body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg_signature: Option<String>,
}

impl fmt::Debug for CallbackQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackQuery")
            .field("timestamp", &self.timestamp)
            .field("encrypt_type", &self.encrypt_type)
            .finish_non_exhaustive()
    }
}
