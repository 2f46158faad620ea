//! The secret that a session's holder shows.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;
use zeroize::Zeroizing;

use crate::{
    account::AccountId,
    keys::{Purpose, ServerKey},
    login::AuthenticatedLogin,
};

/// A session token, 256 bits; it cannot be printed and no store has it.
///
/// It is derived from the server key, the poll token, the login and the account, so that the same poll token
/// is answered with the same session however often an answer is lost, from any node.
#[derive(Clone)]
pub struct SessionToken(Zeroizing<[u8; 32]>);

impl SessionToken {
    /// Derives the token of the session that a login leads to.
    pub fn derive(key: &ServerKey, login: &AuthenticatedLogin, account: AccountId) -> Self {
        let (id, account) = (login.id(), account.to_string());
        let parts = [login.token().as_bytes(), id.as_bytes(), account.as_bytes()];
        Self(Zeroizing::new(key.derive(Purpose::SessionToken, &parts)))
    }

    /// Reads a token in its base64url form; `None` when it is not 32 bytes in that form.
    pub fn parse(text: &str) -> Option<Self> {
        let mut room = Zeroizing::new([0; 33]);
        if text.len() != 43 || URL_SAFE_NO_PAD.decode_slice(text, room.as_mut_slice()).ok()? != 32 {
            return None;
        }
        let mut bytes = Zeroizing::new([0; 32]);
        bytes.copy_from_slice(room.get(..32)?);
        Some(Self(bytes))
    }

    /// Returns the token's base64url form, 43 characters, for the one who holds it.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// Returns what stores keep of the token.
    pub fn hash(&self) -> SessionTokenHash {
        let mut out = [0; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, self.0.as_slice()).as_ref());
        SessionTokenHash(out)
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(redacted)")
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
