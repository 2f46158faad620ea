//! `POST /cgi-bin/stable_token`: an access token of the app.
//!
//! Source: WeChat's page on the stable access token.

use std::time::Duration;

use saoma_domain::time::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::client::access_token::AccessToken;
use crate::client::failure::CallFailure;
use crate::json::number;

#[derive(Deserialize)]
pub(crate) struct StableTokenAnswer {
    access_token: SecretString,
    /// In seconds.
    #[serde(deserialize_with = "number")]
    expires_in: i64,
}

impl StableTokenAnswer {
    /// Returns the token. Its age counts from before the request, so that a slow answer makes it older and
    /// not younger.
    pub(crate) fn into_token(self, asked_at: Timestamp) -> Result<AccessToken, CallFailure> {
        let lifetime = Duration::from_secs(u64::try_from(self.expires_in).unwrap_or(0));
        if self.access_token.expose_secret().is_empty() || lifetime.is_zero() {
            return Err(CallFailure::unusable("the access token is empty or over"));
        }
        Ok(AccessToken::issued(self.access_token, asked_at, lifetime))
    }
}
