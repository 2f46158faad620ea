//! `GET /cgi-bin/ticket/getticket`: the ticket that signs pages for WeChat's JS-SDK.
//!
//! Source: WeChat's page on the JS-SDK, appendix 1. A ticket is good for two hours, and asking is limited.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::client::failure::CallFailure;
use crate::json::number;

#[derive(Deserialize)]
pub(crate) struct JsTicketAnswer {
    ticket: SecretString,
    #[serde(deserialize_with = "number")]
    expires_in: i64,
}

impl JsTicketAnswer {
    /// Returns the ticket and how long it is good.
    pub(crate) fn into_ticket(self) -> Result<(SecretString, Duration), CallFailure> {
        let lifetime = Duration::from_secs(u64::try_from(self.expires_in).unwrap_or(0));
        if self.ticket.expose_secret().is_empty() || lifetime.is_zero() {
            return Err(CallFailure::unusable("the ticket is empty or over"));
        }
        Ok((self.ticket, lifetime))
    }
}
