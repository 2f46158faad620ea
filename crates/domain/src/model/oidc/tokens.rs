//! Codes, access tokens and refresh tokens: 48 bytes each, written as 64 characters of base64url.
//!
//! | bytes | code | refresh token | access token |
//! | --- | --- | --- | --- |
//! | 16 | the grant | the grant | the grant |
//! | 4 | nought | its generation | when it expires, in minutes |
//! | 22 | random | HMAC over code or predecessor | one byte of scopes, HMAC |
//! | 6 | HMAC over these | HMAC over these | HMAC |
//!
//! A token that this service did not issue is refused without a look-up. No store has any of them: of a code and of a
//! refresh token it has the SHA-256, of an access token nothing. A refresh token is derived from its predecessor, so that the
//! same one is answered with the same one, however often an answer is lost, from any node.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{GrantId, Scopes};
use crate::{
    keys::{KeyRing, Purpose, ServerKey},
    system::{Random, random_bytes},
    time::Timestamp,
};

const BYTES: usize = 48;
/// Where the MAC of a code or refresh token begins.
const BODY: usize = 42;
/// Where the MAC of an access token begins: behind grant, time and scopes.
const ACCESS_BODY: usize = 22;

/// The SHA-256 of a code or a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Wraps the 32 bytes that a store has kept.
    pub const fn from_store(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// The bytes of a token.
#[derive(Clone)]
struct Bytes(Zeroizing<[u8; BYTES]>);

impl Bytes {
    fn new(parts: &[&[u8]]) -> Self {
        let mut bytes = Zeroizing::new([0; BYTES]);
        let all = parts.iter().flat_map(|part| part.iter());
        bytes.iter_mut().zip(all).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        let is_whole =
            text.len() == 64 && URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) == Ok(BYTES);
        is_whole.then_some(Self(bytes))
    }

    fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    fn grant(&self) -> GrantId {
        GrantId::from_store(self.array(0))
    }

    fn number(&self) -> u32 {
        u32::from_be_bytes(self.array(16))
    }

    /// Returns the bytes from a place on.
    fn array<const N: usize>(&self, from: usize) -> [u8; N] {
        let mut out = [0; N];
        out.iter_mut().zip(self.0.iter().skip(from)).for_each(|(to, from)| *to = *from);
        out
    }

    /// Writes the MAC behind the body.
    fn sealed(mut self, key: &ServerKey, purpose: Purpose, body: usize) -> Self {
        let mac = self.mac(key, purpose, body);
        self.0.iter_mut().skip(body).zip(mac).for_each(|(to, from)| *to = from);
        self
    }

    fn is_sealed(&self, keys: &KeyRing, purpose: Purpose, body: usize) -> bool {
        let theirs = self.0.split_at(body).1;
        let is_ours = |key: &ServerKey| -> bool {
            let mac = self.mac(key, purpose, body);
            mac.split_at(BYTES - body).0.ct_eq(theirs).into()
        };
        keys.all().any(is_ours)
    }

    fn mac(&self, key: &ServerKey, purpose: Purpose, body: usize) -> [u8; 32] {
        key.derive(purpose, &[self.0.split_at(body).0])
    }

    fn hash(&self) -> TokenHash {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, self.0.as_slice()).as_ref());
        TokenHash(out)
    }
}

/// Declares a token; it cannot be printed.
macro_rules! token {
    ($(#[$doc:meta])* $name:ident sealed as $purpose:ident behind $body:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Bytes);

        impl $name {
            /// Reads a token that came from outside; `None` unless it was made with one of the keys.
            pub fn verify(text: &str, keys: &KeyRing) -> Option<Self> {
                let bytes = Bytes::parse(text)?;
                bytes.is_sealed(keys, Purpose::$purpose, $body).then_some(Self(bytes))
            }

            /// Returns the text, 64 characters, for the client that it belongs to.
            pub fn reveal(&self) -> Zeroizing<String> {
                self.0.reveal()
            }

            /// Returns the grant that it belongs to.
            pub fn grant(&self) -> GrantId {
                self.0.grant()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

token! {
    /// The code that a browser takes to a client.
    AuthorizationCode sealed as OidcCode behind BODY
}

token! {
    /// What a client gets a new access token by.
    RefreshToken sealed as OidcRefreshToken behind BODY
}

token! {
    /// What a client reads by, as long as its grant has not ended.
    AccessToken sealed as OidcAccessToken behind ACCESS_BODY
}

impl AuthorizationCode {
    /// Makes the code of a grant.
    pub fn generate(grant: GrantId, key: &ServerKey, random: &dyn Random) -> Self {
        let secret: [u8; BODY - 20] = random_bytes(random);
        let bytes = Bytes::new(&[&grant.to_bytes(), &[0; 4], &secret]);
        Self(bytes.sealed(key, Purpose::OidcCode, BODY))
    }

    /// Returns what stores keep of the code.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// Derives the first refresh token of the code's grant.
    pub fn refresh_token(&self, key: &ServerKey) -> RefreshToken {
        RefreshToken::derived(key, &self.0, 1)
    }
}

impl RefreshToken {
    fn derived(key: &ServerKey, from: &Bytes, generation: u32) -> Self {
        let (grant, generation) = (from.grant().to_bytes(), generation.to_be_bytes());
        let secret =
            Zeroizing::new(key.derive(Purpose::OidcRefreshSecret, &[from.0.as_slice(), &generation]));
        let bytes = Bytes::new(&[&grant, &generation, secret.split_at(BODY - 20).0]);
        Self(bytes.sealed(key, Purpose::OidcRefreshToken, BODY))
    }

    /// Derives the token that takes this one's place.
    pub fn successor(&self, key: &ServerKey) -> Self {
        Self::derived(key, &self.0, self.generation().saturating_add(1))
    }

    /// Returns the how-manieth token of its grant this is, from 1 on.
    pub fn generation(&self) -> u32 {
        self.0.number()
    }

    /// Returns what stores keep of the token.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }
}

impl AccessToken {
    /// Makes a token that is good until the end of a moment's minute.
    pub fn make(key: &ServerKey, grant: GrantId, scopes: Scopes, until: Timestamp) -> Self {
        let millis = until.as_millis().saturating_add(59_999);
        let minutes = u32::try_from(millis.div_euclid(60_000)).unwrap_or(0);
        let bytes = Bytes::new(&[&grant.to_bytes(), &minutes.to_be_bytes(), &[scopes.to_byte(), 0]]);
        Self(bytes.sealed(key, Purpose::OidcAccessToken, ACCESS_BODY))
    }

    /// Returns when it expires.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_secs(i64::from(self.0.number()) * 60)
    }

    /// Returns what it is good for.
    pub fn scopes(&self) -> Scopes {
        let [scopes] = self.0.array(20);
        Scopes::from_byte(scopes)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn key(number: u8) -> ServerKey {
        ServerKey::new([number; 32])
    }

    fn keys() -> KeyRing {
        KeyRing::new(key(2), vec![key(1)])
    }

    fn grant() -> GrantId {
        GrantId::from_store([9; 16])
    }

    fn code() -> AuthorizationCode {
        AuthorizationCode::generate(grant(), &key(1), &Counting::default())
    }

    #[test]
    fn a_token_is_read_as_it_was_made_by_a_key_that_was_retired_since() {
        let text = code().reveal();
        let read = AuthorizationCode::verify(&text, &keys()).unwrap();
        assert_eq!((read.grant(), read.hash()), (grant(), code().hash()));
        let until = Timestamp::from_secs(1_763_610_060);
        let access = AccessToken::make(&key(1), grant(), Scopes::parse("openid phone"), until);
        let read = AccessToken::verify(&access.reveal(), &keys()).unwrap();
        assert_eq!((read.grant(), read.expires_at()), (grant(), until));
        assert_eq!(read.scopes().to_string(), "openid phone");
    }

    #[test]
    fn refresh_tokens_are_a_chain_that_only_the_key_can_go_on_with() {
        let first = code().refresh_token(&key(1));
        let second = first.successor(&key(1));
        assert_eq!((first.generation(), second.generation(), second.grant()), (1, 2, grant()));
        assert_eq!(first.successor(&key(1)).hash(), second.hash(), "the same one again");
        assert_ne!(first.successor(&key(2)).hash(), second.hash());
        assert_ne!(first.hash(), second.hash());
        assert!(RefreshToken::verify(&second.reveal(), &keys()).is_some());
    }

    #[test]
    fn no_token_passes_for_one_of_another_kind() {
        let code = code();
        let refresh = code.refresh_token(&key(1));
        let access = AccessToken::make(&key(1), grant(), Scopes::all(), Timestamp::from_secs(600));
        for text in [refresh.reveal(), access.reveal()] {
            assert!(AuthorizationCode::verify(&text, &keys()).is_none());
        }
        for text in [code.reveal(), access.reveal()] {
            assert!(RefreshToken::verify(&text, &keys()).is_none());
        }
        for text in [code.reveal(), refresh.reveal()] {
            assert!(AccessToken::verify(&text, &keys()).is_none());
        }
    }

    #[test]
    fn a_token_that_was_changed_or_made_up_is_none() {
        let access = AccessToken::make(&key(1), grant(), Scopes::parse("openid"), Timestamp::from_secs(600));
        for text in [code().reveal(), code().refresh_token(&key(1)).reveal(), access.reveal()] {
            let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).unwrap();
            for place in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[place] ^= 1;
                let changed = URL_SAFE_NO_PAD.encode(changed);
                assert!(AuthorizationCode::verify(&changed, &keys()).is_none(), "byte {place}");
                assert!(RefreshToken::verify(&changed, &keys()).is_none(), "byte {place}");
                assert!(AccessToken::verify(&changed, &keys()).is_none(), "byte {place}");
            }
        }
        for text in ["", "x", &"A".repeat(64), &"A".repeat(65)] {
            assert!(AccessToken::verify(text, &keys()).is_none());
        }
        assert_eq!(format!("{:?}", code()), "AuthorizationCode(redacted)");
    }
}
