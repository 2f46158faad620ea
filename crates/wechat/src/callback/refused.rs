//! The refusals of a callback, as few as the sender may tell apart.

/// Why a callback request was refused.
///
/// There is one word for everything that is forged, stale or meant for another app, so that nobody can
/// learn from the answers which check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRefused {
    /// A signature, the timestamp, the encryption or the app id is wrong (HTTP 403).
    #[error("the callback is not from WeChat, stale, or meant for another app")]
    Forbidden,
    /// The body is no message that WeChat could have sent (HTTP 400).
    #[error("the callback body is not a WeChat message")]
    Malformed,
    /// The body is larger than [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES) (HTTP 413).
    #[error("the callback body is too large")]
    TooLarge,
}
