//! A browser that a client sends to log out (OpenID Connect RP-Initiated Logout).
//!
//! Another site could send people here to log them out. So a session ends at once only for a client that shows an ID token of
//! it; for any other one the person is asked.

use actix_web::{HttpRequest, HttpResponse};
use saoma_domain::{
    oidc::{Client, Parameters, RedirectUri},
    ports::ActiveSession,
};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::{OpenIdProvider, read_parameters, redirect};

/// What the form to log out is about.
const FORM: &str = "logout";

/// Where browsers come to log out.
const LOGOUT: &str = "/oauth2/logout";

/// What a client asks for.
struct LogoutRequest<'p> {
    client: Option<&'p Client>,
    /// The claims of the ID token that it shows.
    hint: Option<Value>,
    /// Where the browser goes afterwards.
    target: Option<String>,
}

impl OpenIdProvider {
    /// Logs a browser out, or asks first.
    pub(crate) async fn log_out(&self, http: &HttpRequest, sent: String) -> HttpResponse {
        let parameters = read_parameters(&sent);
        let Some(asked) = self.read_logout(&parameters).await else { return self.pages.wrong_logout(http) };
        let active = match self.credentials.reading(http).await.ok() {
            Some(active) => active,
            None if self.came_without_cookies(http) => return self.again_by_get(http, LOGOUT, &parameters),
            None => return self.logged_out(http, &asked),
        };
        let is_proven = asked.hint.as_ref().is_some_and(|hint| fits(hint, &active));
        let proof = parameters.get("proof").ok().flatten().unwrap_or_default();
        let is_confirmed = self.forms.is_proof(proof, active.session.id, FORM)
            && self.credentials.changing(http).await.is_ok();
        if !is_proven && !is_confirmed {
            let kept = parameters.pairs().iter().filter(|(name, _)| name != "proof");
            let kept: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let proof = self.forms.proof(active.session.id, FORM);
            return self.pages.confirm_logout(http, &self.mount.path(LOGOUT), &kept, &proof);
        }
        match self.sessions.end(&active, active.session.id).await {
            Ok(_) => self.logged_out(http, &asked),
            Err(error) => {
                tracing::error!(%error, "a session was not ended: {error}");
                self.pages.unavailable(http)
            }
        }
    }

    /// Reads what a client asks for; `None` where it contradicts itself or leads elsewhere.
    async fn read_logout(&self, parameters: &Parameters) -> Option<LogoutRequest<'_>> {
        if parameters.repeated().is_some() {
            return None;
        }
        let get = |name| parameters.get(name).ok().flatten();
        let hint = match get("id_token_hint") {
            Some(hint) => Some(self.hint_claims(hint).await?),
            None => None,
        };
        let by_hint = hint.as_ref().and_then(|hint| claim(hint, "aud"));
        let named = get("client_id");
        if named.is_some() && by_hint.is_some() && named != by_hint {
            return None;
        }
        let client = match named.or(by_hint) {
            Some(id) => Some(&self.clients.find(id)?.client),
            None => None,
        };
        let target = match get("post_logout_redirect_uri") {
            Some(uri) => Some(with_state(known(client?, uri)?, get("state"))),
            None => None,
        };
        Some(LogoutRequest { client, hint, target })
    }

    fn logged_out(&self, http: &HttpRequest, asked: &LogoutRequest<'_>) -> HttpResponse {
        let mut answer = match &asked.target {
            Some(target) => redirect(http, target),
            None => self.pages.logged_out(http, asked.client),
        };
        // A call without the cookie may be another site's: it must not take the cookie from the browser.
        if self.cookies.has_session(http) && answer.add_cookie(&self.cookies.remove_session()).is_err() {
            return self.pages.unavailable(http);
        }
        answer
    }

    /// Returns the claims of an ID token that this service has issued, expired or not.
    pub(super) async fn hint_claims(&self, token: &str) -> Option<Value> {
        let verified = self.signing.verify(token).await.ok()??;
        let claims: Value = serde_json::from_str(&verified.claims).ok()?;
        let is_id_token = verified.kind == saoma_domain::signing::TokenKind::Identity
            && claim(&claims, "iss") == Some(self.issuer.as_str())
            && claim(&claims, "aud").is_some_and(|id| self.clients.find(id).is_some());
        is_id_token.then_some(claims)
    }
}

/// Returns whether an ID token is of a session.
fn fits(hint: &Value, active: &ActiveSession) -> bool {
    claim(hint, "sub") == Some(active.account.id.to_string().as_str())
        && claim(hint, "sid") == Some(active.session.id.to_string().as_str())
}

/// Returns a claim that is a text.
pub(super) fn claim<'c>(claims: &'c Value, name: &str) -> Option<&'c str> {
    claims.get(name)?.as_str()
}

fn known<'c>(client: &'c Client, uri: &str) -> Option<&'c RedirectUri> {
    client.post_logout_redirect_uris.iter().find(|known| known.as_str() == uri)
}

fn with_state(uri: &RedirectUri, state: Option<&str>) -> String {
    let uri = uri.as_str();
    let Some(state) = state else { return uri.to_owned() };
    let separator = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{separator}{}", Serializer::new(String::new()).append_pair("state", state).finish())
}
