//! Values that look random, from a seed: the same seed gives the same tokens and tickets again.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;

/// A counter under HMAC-SHA256.
#[derive(Debug)]
pub(crate) struct Random {
    key: hmac::Key,
    drawn: AtomicU64,
}

impl Random {
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, seed), drawn: AtomicU64::new(0) }
    }

    /// Returns the next `length` bytes.
    pub(crate) fn bytes(&self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 32);
        while bytes.len() < length {
            let count = self.drawn.fetch_add(1, Ordering::Relaxed);
            bytes.extend_from_slice(hmac::sign(&self.key, &count.to_be_bytes()).as_ref());
        }
        bytes.truncate(length);
        bytes
    }

    /// Returns 16 bytes, as the front of an encrypted message wants them.
    pub(crate) fn block(&self) -> [u8; 16] {
        let mut block = [0; 16];
        block.iter_mut().zip(self.bytes(16)).for_each(|(to, from)| *to = from);
        block
    }

    /// Returns a number below ten thousand million, in decimal: what WeChat sends as a nonce.
    pub(crate) fn nonce(&self) -> String {
        let number = self.block().into_iter().fold(0_u64, |sum, byte| (sum << 4) ^ u64::from(byte));
        (number % 10_000_000_000).to_string()
    }

    /// Returns an access token of the usual form, such as `87_Ab…` with 136 characters behind the mark.
    pub(crate) fn access_token(&self) -> String {
        format!("87_{}", URL_SAFE_NO_PAD.encode(self.bytes(102)))
    }

    /// Returns a one-time code: 33 characters that begin with `0`.
    pub(crate) fn code(&self) -> String {
        format!("0{}", URL_SAFE_NO_PAD.encode(self.bytes(24)))
    }

    /// Returns a session key of a mini program: 16 bytes in Base64.
    pub(crate) fn session_key(&self) -> String {
        STANDARD.encode(self.block())
    }

    /// Returns a ticket of the usual form: 96 characters of Base64 that begin with `gQ` and end in `==`.
    pub(crate) fn ticket(&self) -> String {
        let mut bytes = vec![0x81, 0x01];
        bytes.extend(self.bytes(68));
        STANDARD.encode(bytes)
    }

    /// Returns the URL inside a QR code.
    pub(crate) fn code_url(&self) -> String {
        format!("http://weixin.qq.com/q/02{}", URL_SAFE_NO_PAD.encode(self.bytes(18)))
    }

    /// Returns the request id that WeChat puts behind its error messages.
    pub(crate) fn rid(&self, now: i64) -> String {
        let mut parts = self.bytes(8).into_iter();
        let mut part = || parts.by_ref().take(4).map(|byte| format!("{byte:02x}")).collect::<String>();
        format!("{now:08x}-{}-{}", part(), part())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values_and_no_value_twice() {
        let (one, other) = (Random::new(&[7; 32]), Random::new(&[7; 32]));
        let token = one.access_token();
        assert_eq!(token, other.access_token());
        assert_ne!(token, one.access_token());
    }

    #[test]
    fn values_have_the_forms_that_wechat_uses() {
        let random = Random::new(&[1; 32]);
        let ticket = random.ticket();
        assert!(ticket.starts_with("gQ") && ticket.ends_with("==") && ticket.len() == 96, "{ticket}");
        assert_eq!(random.access_token().len(), 139);
        assert!(random.rid(0x6740_a1b2).starts_with("6740a1b2-"));
        assert_eq!(random.rid(0x6740_a1b2).len(), 26);
    }
}
