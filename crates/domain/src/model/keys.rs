//! The server key and everything that is derived from it.
//!
//! One 32-byte secret serves several purposes that must not be mixed up, so every use goes through HMAC with
//! a label of its own. While a key is being rotated the ring holds several: the first one signs and seals, all
//! verify and open.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
};
use zeroize::Zeroizing;

use crate::system::{Random, random_bytes};

/// What a derived value is for; two purposes never share a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The MAC inside a login id.
    LoginId,
    /// A session token.
    SessionToken,
    /// The MAC inside a session token.
    SessionTokenMac,
    /// The stored form of an SMS code.
    SmsCode,
    /// The stored form of an SMS code for another number of an account.
    NewPhoneCode,
    /// The number that an SMS code was sent to.
    SmsNumber,
    /// The proof that a login was bound by a certain phone number and code.
    PhoneBinding,
    /// The proof that a login was bound by a certain code or data of a mini program.
    WechatPhone,
    /// A phone number as part of a counter's name.
    PhoneCounter,
    /// The network of a client that logged in, as part of a name.
    KnownNetwork,
    /// WeChat's access token, sealed for the other nodes.
    AccessToken,
    /// WeChat's session key of a mini program's user, sealed.
    SessionKey,
    /// The proof that a login's cookie was made for a certain browser.
    BrowserCookie,
    /// A cached session with its account, sealed.
    CachedSession,
    /// The cached outcome of a login, sealed.
    CachedLogin,
    /// What is known of the client that started a login, sealed.
    LoginContext,
    /// Whose code it is that a person sends as a message, sealed.
    MessageCode,
    /// An app and a code that a person sends to it, as part of a name.
    MessageCodeName,
    /// A limit and its subject as the name of a counter.
    LimitName,
    /// The MAC inside a code for an OpenID client.
    OidcCode,
    /// The secret inside a refresh token.
    OidcRefreshSecret,
    /// The MAC inside a refresh token.
    OidcRefreshToken,
    /// The MAC inside an access token.
    OidcAccessToken,
    /// The proof that a form was made for a session.
    OidcForm,
    /// A key that signs tokens, sealed for the other nodes.
    SigningKey,
    /// An address whose codes were refused, as part of a name.
    RefusedAddress,
    /// The link by which a phone says whether it lets a client in.
    ConfirmLink,
    /// The link by which a person says that they did not mean to log in.
    NotMeLink,
    /// The signature of a proof of work.
    WorkSignature,
    /// The network for which a proof of work was asked.
    WorkNetwork,
    /// WeChat's refresh token of a person who authorized an app, sealed.
    WechatRefreshToken,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::LoginId => b"saoma/login-id/1",
            Self::SessionToken => b"saoma/session-token/2",
            Self::SessionTokenMac => b"saoma/session-token-mac/1",
            Self::SmsCode => b"saoma/sms-code/1",
            Self::NewPhoneCode => b"saoma/new-phone-code/1",
            Self::SmsNumber => b"saoma/sms-number/1",
            Self::PhoneBinding => b"saoma/phone-binding/1",
            Self::WechatPhone => b"saoma/wechat-phone/1",
            Self::PhoneCounter => b"saoma/phone-counter/1",
            Self::KnownNetwork => b"saoma/known-network/1",
            Self::AccessToken => b"saoma/access-token/1",
            Self::SessionKey => b"saoma/session-key/1",
            Self::BrowserCookie => b"saoma/browser-cookie/1",
            Self::CachedSession => b"saoma/cached-session/1",
            Self::CachedLogin => b"saoma/cached-login/1",
            Self::LoginContext => b"saoma/login-context/1",
            Self::MessageCode => b"saoma/message-code/1",
            Self::MessageCodeName => b"saoma/message-code-name/1",
            Self::LimitName => b"saoma/limit-name/1",
            Self::OidcCode => b"saoma/oidc-code/1",
            Self::OidcRefreshSecret => b"saoma/oidc-refresh-secret/1",
            Self::OidcRefreshToken => b"saoma/oidc-refresh-token/1",
            Self::OidcAccessToken => b"saoma/oidc-access-token/1",
            Self::OidcForm => b"saoma/oidc-form/1",
            Self::SigningKey => b"saoma/signing-key/1",
            Self::RefusedAddress => b"saoma/refused-address/1",
            Self::ConfirmLink => b"saoma/confirm-link/1",
            Self::NotMeLink => b"saoma/not-me-link/1",
            Self::WorkSignature => b"saoma/work-signature/1",
            Self::WorkNetwork => b"saoma/work-network/1",
            Self::WechatRefreshToken => b"saoma/wechat-refresh-token/1",
        }
    }
}

/// A secret that is too long to be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret is too long to be sealed")]
pub struct SealingFailed;

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

    /// Seals a secret for one purpose with AES-256-GCM: only a ring with this key opens it again, and only if
    /// told the same purpose and what it is `about`, which is not in it.
    ///
    /// The result is 28 bytes longer than the secret: a random nonce of 12 in front, a tag of 16 behind. What it is
    /// `about` has a key of its own, so the 2^32 times that one key may seal are never used up.
    ///
    /// # Errors
    /// [`SealingFailed`] for a secret of 64 GiB or more.
    pub fn seal(
        &self,
        purpose: Purpose,
        random: &dyn Random,
        about: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, SealingFailed> {
        let nonce: [u8; NONCE_LEN] = random_bytes(random);
        // With room for all of it, so that no copy of the secret is left behind when it grows.
        let mut secret = Zeroizing::new(Vec::with_capacity(plain.len() + AES_256_GCM.tag_len()));
        secret.extend_from_slice(plain);
        let key = self.sealing_key(purpose, about).ok_or(SealingFailed)?;
        let unique = Nonce::assume_unique_for_key(nonce);
        let sealed = key.seal_in_place_append_tag(unique, Aad::empty(), &mut *secret);
        sealed.map_err(|ring::error::Unspecified| SealingFailed)?;
        Ok([nonce.as_slice(), &secret].concat())
    }

    fn open(&self, purpose: Purpose, about: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, secret) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut secret = Zeroizing::new(secret.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let key = self.sealing_key(purpose, about)?;
        let plain = key.open_in_place(nonce, Aad::empty(), &mut secret).ok()?.len();
        secret.truncate(plain);
        Some(secret)
    }

    fn sealing_key(&self, purpose: Purpose, about: &[u8]) -> Option<LessSafeKey> {
        let bytes = Zeroizing::new(self.derive(purpose, &[b"seal", about]));
        UnboundKey::new(&AES_256_GCM, bytes.as_slice()).ok().map(LessSafeKey::new)
    }
}

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(redacted)")
    }
}

/// The server keys in use: the first one signs and seals, all verify and open.
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

    /// Opens what one of the keys sealed ([`ServerKey::seal`]). `None` when it was sealed by another key, for
    /// another purpose or about something else, and when any of it was changed.
    pub fn open(&self, purpose: Purpose, about: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.all().find_map(|key| key.open(purpose, about, sealed))
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

    /// Draws every byte differently from the last one.
    #[derive(Default)]
    struct Counting(std::sync::atomic::AtomicU8);

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill_with(|| self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    const SECRET: &[u8] = b"HyVFkGl5F5OQWJZZaNzBBg==";

    fn key(number: u8) -> ServerKey {
        ServerKey::new([number; 32])
    }

    fn ring(numbers: &[u8]) -> KeyRing {
        let (first, rest) = numbers.split_first().unwrap();
        KeyRing::new(key(*first), rest.iter().map(|number| key(*number)).collect())
    }

    fn sealed() -> Vec<u8> {
        key(1).seal(Purpose::SessionKey, &Counting::default(), b"oAnna", SECRET).unwrap()
    }

    fn opened(ring: &KeyRing, sealed: &[u8]) -> Option<Vec<u8>> {
        ring.open(Purpose::SessionKey, b"oAnna", sealed).map(|plain| plain.to_vec())
    }

    #[test]
    fn what_was_sealed_can_be_opened_with_any_key_of_the_ring() {
        assert_eq!(opened(&ring(&[1]), &sealed()).as_deref(), Some(SECRET));
        assert_eq!(opened(&ring(&[2, 3, 1]), &sealed()).as_deref(), Some(SECRET));
        let nothing = key(1).seal(Purpose::SessionKey, &Counting::default(), b"oAnna", b"").unwrap();
        assert_eq!(opened(&ring(&[1]), &nothing).as_deref(), Some(b"".as_slice()));
    }

    #[test]
    fn what_was_sealed_can_be_opened_by_nobody_else_and_for_nothing_else() {
        assert_eq!(opened(&ring(&[2, 3]), &sealed()), None);
        assert!(ring(&[1]).open(Purpose::AccessToken, b"oAnna", &sealed()).is_none());
        for about in [b"oBela".as_slice(), b"oAnn", b""] {
            assert!(ring(&[1]).open(Purpose::SessionKey, about, &sealed()).is_none());
        }
    }

    #[test]
    fn what_was_sealed_cannot_be_changed_or_cut() {
        let sealed = sealed();
        for place in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[place] ^= 1 << bit;
                assert_eq!(opened(&ring(&[1]), &changed), None, "bit {bit} of byte {place}");
            }
            assert_eq!(opened(&ring(&[1]), &sealed[..place]), None, "its first {place} bytes");
            assert_eq!(opened(&ring(&[1]), &sealed[place + 1..]), None, "without its first {place} bytes");
        }
        let longer = [sealed.as_slice(), b"\0"].concat();
        assert_eq!(opened(&ring(&[1]), &longer), None);
    }

    #[test]
    fn the_same_secret_looks_different_each_time_it_is_sealed() {
        let random = Counting::default();
        let [first, second] =
            [(), ()].map(|()| key(1).seal(Purpose::SessionKey, &random, b"oAnna", SECRET).unwrap());
        assert_ne!(first, second);
        assert_eq!(first.len(), SECRET.len() + 28);
        for sealed in [&first, &second] {
            assert_eq!(opened(&ring(&[1]), sealed).as_deref(), Some(SECRET));
            assert!(!sealed.windows(8).any(|window| SECRET.windows(8).any(|part| part == window)));
        }
    }
}
