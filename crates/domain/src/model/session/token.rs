//! The secret that the client of a session shows.

use ring::digest;
use zeroize::Zeroizing;

use crate::{
    account::AccountId,
    keys::{Purpose, ServerKey},
    login::AuthenticatedLogin,
    model::secret_token::secret_token,
};

secret_token! {
    /// A session token, 256 bits; it cannot be printed and no store has it.
    ///
    /// It is derived from the server key, the poll token, the login and the account, so that the same poll token
    /// is answered with the same session however often an answer is lost, from any node.
    SessionToken
}

impl SessionToken {
    /// Derives the token of the session that a login leads to.
    pub fn derive(key: &ServerKey, login: &AuthenticatedLogin, account: AccountId) -> Self {
        let (id, account) = (login.id(), account.to_string());
        let parts = [login.token().as_bytes(), id.as_bytes(), account.as_bytes()];
        Self(Zeroizing::new(key.derive(Purpose::SessionToken, &parts)))
    }

    /// Returns what stores keep of the token.
    pub fn hash(&self) -> SessionTokenHash {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, self.0.as_slice()).as_ref());
        SessionTokenHash(out)
    }
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
