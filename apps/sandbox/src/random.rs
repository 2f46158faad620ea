//! Values that look random, from a seed: the same seed gives the same tokens and tickets again.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

/// Returns 32 bytes of the operating system; `None` when it has none to give.
#[expect(clippy::disallowed_methods, reason = "every other random byte comes from this seed")]
pub(crate) fn system_seed() -> Option<[u8; 32]> {
    let mut seed = [0; 32];
    SystemRandom::new().fill(&mut seed).ok()?;
    Some(seed)
}

/// A counter under HMAC-SHA256.
#[derive(Debug)]
pub(crate) struct SeededRandom {
    key: hmac::Key,
    drawn: AtomicU64,
}

impl SeededRandom {
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, seed), drawn: AtomicU64::new(0) }
    }

    /// Returns the next `N` bytes.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        for part in bytes.chunks_mut(32) {
            let count = self.drawn.fetch_add(1, Ordering::Relaxed);
            let drawn = hmac::sign(&self.key, &count.to_be_bytes());
            part.iter_mut().zip(drawn.as_ref()).for_each(|(to, from)| *to = *from);
        }
        bytes
    }

    /// Says yes once in so many times; never for zero.
    pub(crate) fn once_in(&self, times: u16) -> bool {
        times > 0 && u16::from_be_bytes(self.bytes()).is_multiple_of(times)
    }

    /// Returns a prefix with the next `N` bytes in URL-safe Base64 behind it.
    fn text<const N: usize>(&self, prefix: &str) -> String {
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(self.bytes::<N>()))
    }

    /// Returns a number below ten thousand million, in decimal: what WeChat sends as a nonce.
    pub(crate) fn nonce(&self) -> String {
        let number = self.bytes::<16>().into_iter().fold(0_u64, |sum, byte| (sum << 4) ^ u64::from(byte));
        (number % 10_000_000_000).to_string()
    }

    /// Returns an access token in WeChat's form: `87_Ab…` with 136 characters behind the underscore.
    pub(crate) fn access_token(&self) -> String {
        self.text::<102>("87_")
    }

    /// Returns a one-time code: 33 characters that begin with `0`.
    pub(crate) fn code(&self) -> String {
        self.text::<24>("0")
    }

    /// Returns the URL inside a QR code.
    pub(crate) fn code_url(&self) -> String {
        self.text::<18>("http://weixin.qq.com/q/02")
    }

    /// Returns the URL inside the code of a mini program.
    pub(crate) fn mini_code_url(&self) -> String {
        self.text::<12>("https://wxaurl.cn/")
    }

    /// Returns a session key of a mini program: 16 bytes in Base64.
    pub(crate) fn session_key(&self) -> String {
        STANDARD.encode(self.bytes::<16>())
    }

    /// Returns a ticket in WeChat's form: 96 characters of Base64 that begin with `gQ` and end in `==`.
    pub(crate) fn ticket(&self) -> String {
        STANDARD.encode([&[0x81, 0x01][..], &self.bytes::<68>()].concat())
    }

    /// Returns the request id that WeChat puts behind its error messages.
    pub(crate) fn rid(&self, now: i64) -> String {
        let random = u64::from_be_bytes(self.bytes());
        format!("{now:08x}-{:08x}-{:08x}", random >> 32, random & 0xffff_ffff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values_and_no_value_twice() {
        let (one, other) = (SeededRandom::new(&[7; 32]), SeededRandom::new(&[7; 32]));
        let token = one.access_token();
        assert_eq!(token, other.access_token());
        assert_ne!(token, one.access_token());
    }

    #[test]
    fn values_have_the_forms_that_wechat_uses() {
        let random = SeededRandom::new(&[1; 32]);
        let ticket = random.ticket();
        assert!(ticket.starts_with("gQ") && ticket.ends_with("==") && ticket.len() == 96, "{ticket}");
        assert_eq!(random.access_token().len(), 139);
        assert!(random.rid(0x6740_a1b2).starts_with("6740a1b2-"));
        assert_eq!(random.rid(0x6740_a1b2).len(), 26);
    }
}
