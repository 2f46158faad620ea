//! The server key and everything that is derived from it.
//!
//! One 32-byte secret serves several purposes that must not be mixed up, so every use goes through HMAC with
//! a label of its own. While a key is being rotated the ring holds several: the first one signs, all verify.

use ring::hmac;
use zeroize::Zeroizing;

/// What a derived value is for; two purposes never share a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The MAC inside a login id.
    LoginId,
    /// A session token.
    SessionToken,
    /// The stored form of an SMS code.
    SmsCode,
    /// The number that an SMS code was sent to.
    SmsNumber,
    /// The proof that a login was bound by a certain phone number and code.
    PhoneBinding,
    /// A phone number as part of a counter's name.
    PhoneCounter,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::LoginId => b"saoma/login-id/1",
            Self::SessionToken => b"saoma/session-token/1",
            Self::SmsCode => b"saoma/sms-code/1",
            Self::SmsNumber => b"saoma/sms-number/1",
            Self::PhoneBinding => b"saoma/phone-binding/1",
            Self::PhoneCounter => b"saoma/phone-counter/1",
        }
    }
}

/// One server key; it cannot be printed.
#[derive(Clone)]
pub struct ServerKey(hmac::Key);

impl ServerKey {
    /// Wraps 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, Zeroizing::new(bytes).as_slice()))
    }

    /// Returns HMAC-SHA256 over the purpose's label and the parts, each preceded by its length.
    pub fn derive(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in std::iter::once(&purpose.label()).chain(parts) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    }
}

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(redacted)")
    }
}

/// The server keys in use: the first one signs, all verify.
#[derive(Clone, Debug)]
pub struct KeyRing {
    current: ServerKey,
    retired: Vec<ServerKey>,
}

impl KeyRing {
    /// Makes a ring of the key that signs and those that only verify.
    pub fn new(current: ServerKey, retired: Vec<ServerKey>) -> Self {
        Self { current, retired }
    }

    /// Returns the key that signs.
    pub fn current(&self) -> &ServerKey {
        &self.current
    }

    /// Returns all keys, the one that signs first.
    pub fn all(&self) -> impl Iterator<Item = &ServerKey> {
        std::iter::once(&self.current).chain(&self.retired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_part_borders_separate_values() {
        let key = ServerKey::new([7; 32]);
        assert_ne!(key.derive(Purpose::LoginId, &[b"a"]), key.derive(Purpose::SessionToken, &[b"a"]));
        assert_ne!(
            key.derive(Purpose::LoginId, &[b"ab", b"c"]),
            key.derive(Purpose::LoginId, &[b"a", b"bc"])
        );
        assert_eq!(key.derive(Purpose::LoginId, &[b"a"]), key.derive(Purpose::LoginId, &[b"a"]));
    }

    #[test]
    fn a_key_cannot_be_printed() {
        assert_eq!(format!("{:?}", ServerKey::new([0x41; 32])), "ServerKey(redacted)");
    }
}
