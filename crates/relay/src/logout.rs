//! Tells an OpenID client that a session is over (OpenID Connect Back-Channel Logout).

use std::time::Duration;

use reqwest::Client;
use saoma_trace::{Callee, send};
use url::Url;

use crate::http::{HttpRelayError, address, client, kind_of};

const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Sends logout tokens to one client.
#[derive(Clone, Debug)]
pub struct LogoutSender {
    client: Client,
    url: Url,
}

impl LogoutSender {
    /// Makes a sender to a client's `backchannel_logout_uri`.
    ///
    /// # Errors
    /// [`HttpRelayError`].
    pub fn new(url: Url) -> Result<Self, HttpRelayError> {
        Ok(Self { client: client(TIME_LIMIT, url.scheme() == "https")?, url })
    }

    /// Returns where it sends to, as operators are shown it.
    pub fn address(&self) -> String {
        address(&self.url)
    }

    /// Sends a token.
    ///
    /// # Errors
    /// What an operator is told where the client does not take it.
    pub async fn send(&self, token: &str) -> Result<(), String> {
        let form = format!("logout_token={token}");
        let request = self.client.post(self.url.clone()).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = send(request, "backchannel logout", Callee::Own)
            .await
            .map_err(|error| kind_of(&error, TIME_LIMIT))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(format!("answered {status}")) }
    }
}
