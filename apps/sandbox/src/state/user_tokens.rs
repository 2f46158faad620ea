//! The access tokens of users, which an app gets for a code.

use super::authorization::Grant;
use super::bounded::Bounded;

#[derive(Debug)]
pub(crate) struct UserToken {
    access_token: String,
    grant: Grant,
    expires_at: i64,
}

/// Why a user's token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserTokenRefused {
    /// It was never issued, or has made room for a newer one.
    Unknown,
    /// Its time is over.
    Expired,
}

impl Bounded<UserToken> {
    pub(crate) fn issue(&mut self, access_token: String, grant: Grant, expires_at: i64) {
        self.push(UserToken { access_token, grant, expires_at });
    }

    /// Returns what an access token allows.
    pub(crate) fn check(&self, access_token: &str, now: i64) -> Result<&Grant, UserTokenRefused> {
        let found = self.iter().rev().find(|token| token.access_token == access_token);
        let token = found.ok_or(UserTokenRefused::Unknown)?;
        if token.expires_at <= now { Err(UserTokenRefused::Expired) } else { Ok(&token.grant) }
    }
}
