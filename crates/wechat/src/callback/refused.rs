//! The refusals of a callback.

/// The largest body that is read; ordinary ones have less than 2 KiB.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Why a callback request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRefused {
    /// Nothing shows that WeChat sent it to this app just now (HTTP 403).
    #[error("the callback is not from WeChat, stale, or meant for another app")]
    Forbidden(NotWechat),
    /// The body is no message that WeChat could have sent (HTTP 400).
    #[error("the callback body is not a WeChat message")]
    Malformed,
    /// The body has more than 64 KiB (HTTP 413).
    #[error("the callback body is too large")]
    TooLarge,
}

/// The check that failed. It is for the operator: to the sender all of them MUST look alike, so that no sender
/// learns from the answer which one it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWechat {
    /// `signature` or `msg_signature` is wrong: another token, or not WeChat.
    Signature,
    /// It is more than 300 s old, or ahead.
    Stale {
        /// The seconds by which our clock is past WeChat's time; negative where that lies ahead.
        skew_secs: i64,
    },
    /// It is for another app or account.
    AppId,
    /// The body is readable where it has to be encrypted.
    Mode,
    /// What was signed cannot be decrypted, which means another AES key, or the echo of the URL's check is no
    /// harmless text.
    Unreadable,
}

impl From<NotWechat> for CallbackRefused {
    fn from(check: NotWechat) -> Self {
        Self::Forbidden(check)
    }
}

impl CallbackRefused {
    /// Names the cause for logs and metrics: `signature`, `stale`, `appid`, `mode` or `malformed`.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::Forbidden(NotWechat::Signature) => "signature",
            Self::Forbidden(NotWechat::Stale { .. }) => "stale",
            Self::Forbidden(NotWechat::AppId) => "appid",
            Self::Forbidden(NotWechat::Mode) => "mode",
            Self::Forbidden(NotWechat::Unreadable) | Self::Malformed | Self::TooLarge => "malformed",
        }
    }
}

/// Refuses a body that is too large to be read.
pub(super) fn check_size(body: &[u8]) -> Result<(), CallbackRefused> {
    if body.len() > MAX_BODY_BYTES { Err(CallbackRefused::TooLarge) } else { Ok(()) }
}
