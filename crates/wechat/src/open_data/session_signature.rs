//! The proof of knowing a session key that WeChat wants for checking and resetting it.

use ring::hmac;
use saoma_domain::wechat::SessionKey;

use crate::hex::hex;

/// Returns the `signature` that `/wxa/checksession` and `/wxa/resetusersessionkey` take with
/// `sig_method=hmac_sha256`: HMAC-SHA256 over nothing, in lowercase hex.
///
/// The key is the text as WeChat sent it, not the bytes that it encodes. WeChat's page leaves that open; its
/// widely used client libraries agree on it.
pub fn session_signature(key: &SessionKey) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.reveal().as_bytes());
    hex(hmac::sign(&key, b"").as_ref())
}
