//! What a token says of a person and their session.

use saoma_domain::{ports::ActiveSession, session::AuthMethod};
use serde::Serialize;

use crate::{config::TokenAudience, dto::shown_name};

/// The claims of a token (RFC 7519; `sid`, `auth_time`, `amr`, `acr`, `name` and `phone_number` as `OpenID` Connect has them).
#[derive(Serialize)]
pub(super) struct SessionClaims<'a> {
    pub(super) iss: &'a str,
    pub(super) aud: &'a str,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) jti: String,
    #[serde(flatten)]
    pub(super) person: Person,
}

#[derive(Serialize)]
pub(super) struct Person {
    sub: String,
    /// The public id of the session; what names it when it ends.
    sid: String,
    auth_time: i64,
    amr: Vec<&'static str>,
    acr: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

impl Person {
    /// Tells of a session what an audience may know.
    pub(super) fn of(active: &ActiveSession, audience: &TokenAudience) -> Self {
        let ActiveSession { session, account, .. } = active;
        let phone = account.phone.as_ref().filter(|_| audience.tells_phone);
        Self {
            sub: account.id.to_string(),
            sid: session.id.to_string(),
            auth_time: session.created_at.as_secs(),
            amr: session.auth_methods.iter().map(AuthMethod::as_str).collect(),
            acr: session.auth_methods.acr(),
            external_id: account.external_id.as_ref().map(ToString::to_string),
            name: audience.tells_name.then(|| shown_name(active)).flatten(),
            phone_number: phone.map(|phone| phone.e164().to_owned()),
        }
    }
}
