//! The secret that the client of a session shows.
//!
//! Layout: HMAC(server key, poll token, login, account), first 26 bytes ‖ HMAC(server key, these), first 6 bytes. To
//! all who do not have the key these are 256 random bits. A token that this service did not issue is refused without a
//! look-up, and a forger has to guess 48 bits online to cause one.

use ring::digest;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    account::AccountId,
    keys::{KeyRing, Purpose, ServerKey},
    login::AuthenticatedLogin,
    model::secret_token::secret_token,
};

secret_token! {
    /// A session token, 256 bits; it cannot be printed and no store has it.
    ///
    /// It is derived from the server key, the poll token, the login and the account, so that the same poll token
    /// is answered with the same session however often an answer is lost, from any node.
    SessionToken, parse
}

const SECRET: usize = 26;

impl SessionToken {
    /// Derives the token of the session that a login leads to.
    pub fn derive(key: &ServerKey, login: &AuthenticatedLogin, account: AccountId) -> Self {
        let (id, account) = (login.id(), account.to_string());
        let parts = [login.token().as_bytes(), id.as_bytes(), account.as_bytes()];
        let mut bytes = Zeroizing::new(key.derive(Purpose::SessionToken, &parts));
        let mac = mac(key, &bytes);
        for (to, from) in bytes.iter_mut().skip(SECRET).zip(mac) {
            *to = from;
        }
        Self(bytes)
    }

    /// Reads a token that came from outside; `None` unless it was derived with one of the keys.
    pub fn verify(text: &str, keys: &KeyRing) -> Option<Self> {
        let token = Self::parse(text)?;
        let theirs = token.0.split_at(SECRET).1;
        let is_ours = |key| mac(key, &token.0).split_at(32 - SECRET).0.ct_eq(theirs).into();
        keys.all().any(is_ours).then_some(token)
    }

    /// Returns whether a text has the form of a token, issued here or not.
    pub fn has_form(text: &str) -> bool {
        Self::parse(text).is_some()
    }

    /// Returns what stores keep of the token.
    pub fn hash(&self) -> SessionTokenHash {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, self.0.as_slice()).as_ref());
        SessionTokenHash(out)
    }
}

fn mac(key: &ServerKey, token: &[u8; 32]) -> [u8; 32] {
    key.derive(Purpose::SessionTokenMac, &[token.split_at(SECRET).0])
}

/// The SHA-256 of a session token, by which stores find the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionTokenHash([u8; 32]);

impl SessionTokenHash {
    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Wraps the 32 bytes that a store has kept.
    pub const fn from_store(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}
