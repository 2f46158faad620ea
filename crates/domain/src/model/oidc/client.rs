//! A system that logs people in by this service.

use ring::digest;
use subtle::ConstantTimeEq;

use super::{RedirectUri, Scopes};
use crate::text::short_text;

short_text! {
    /// The id of a client: `[A-Za-z0-9._-]{1,64}`.
    ClientId, 64, |text| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// The SHA-256 of a client's secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientSecretHash([u8; 32]);

impl ClientSecretHash {
    /// Hashes a secret.
    pub fn of(secret: &str) -> Self {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
        Self(out)
    }

    /// Returns whether a caller has shown the secret. It takes as long for a wrong one as for the right one.
    pub fn is_of(&self, shown: &str) -> bool {
        Self::of(shown).0.ct_eq(&self.0).into()
    }
}

impl std::fmt::Debug for ClientSecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecretHash(redacted)")
    }
}

/// How a client proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// By its secret.
    Secret(ClientSecretHash),
    /// Not at all: a program on people's own devices keeps no secret. PKCE protects its codes.
    Public,
}

/// A system that logs people in by this service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name, as people read it.
    pub name: String,
    /// How it proves who it is.
    pub auth: ClientAuth,
    /// Where codes may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a browser may be sent after a logout.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// What it may ask for.
    pub scopes: Scopes,
    /// Whether it belongs to the site itself, so that people are not asked for their consent.
    pub trusted: bool,
}

impl Client {
    /// Returns whether codes may be sent to an address: one of the client's, letter by letter. A program on a person's own device
    /// may name another port of it where the configuration names none.
    pub fn may_get_codes_at(&self, wanted: &str) -> bool {
        self.redirect_uris
            .iter()
            .any(|known| known.as_str() == wanted || self.is_public() && known.is_at_another_port(wanted))
    }

    /// Returns whether another program could pass for the client at an address: it keeps no secret, and any program of the
    /// device can claim the address.
    pub fn could_be_another_at(&self, address: &str) -> bool {
        self.is_public() && RedirectUri::can_be_claimed(address)
    }

    /// Returns whether the client keeps no secret.
    pub const fn is_public(&self) -> bool {
        matches!(self.auth, ClientAuth::Public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_hash_and_cannot_be_printed() {
        let hash = ClientSecretHash::of("correct horse battery staple");
        assert!(hash.is_of("correct horse battery staple"));
        for wrong in ["", "correct horse battery stapl", "correct horse battery staple ", "x"] {
            assert!(!hash.is_of(wrong), "{wrong}");
        }
        assert_eq!(format!("{hash:?}"), "ClientSecretHash(redacted)");
    }

    #[test]
    fn an_id_has_no_character_that_means_something_elsewhere() {
        for fine in ["grafana", "My-App_2.0"] {
            assert!(ClientId::parse(fine).is_ok(), "{fine}");
        }
        for wrong in ["", "a b", "a:b", "a/b", "ä", "a\n", &"a".repeat(65)] {
            assert!(ClientId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
