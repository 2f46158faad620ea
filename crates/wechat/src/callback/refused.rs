//! The refusals of a callback, as few as the sender may tell apart.

/// The largest body that is read; ordinary ones have less than 2 KiB.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Why a callback request was refused.
///
/// Everything that is forged, stale or meant for another app has the same refusal, so that the sender cannot
/// learn from the answer which check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRefused {
    /// A signature, the timestamp, the encryption or the app id is wrong (HTTP 403).
    #[error("the callback is not from WeChat, stale, or meant for another app")]
    Forbidden,
    /// The body is no message that WeChat could have sent (HTTP 400).
    #[error("the callback body is not a WeChat message")]
    Malformed,
    /// The body has more than 64 KiB (HTTP 413).
    #[error("the callback body is too large")]
    TooLarge,
}

/// Refuses a body that is too large to be read.
pub(super) fn check_size(body: &[u8]) -> Result<(), CallbackRefused> {
    if body.len() > MAX_BODY_BYTES { Err(CallbackRefused::TooLarge) } else { Ok(()) }
}
