//! The secrets that a caller shows, and by which door they came.

use actix_web::{HttpRequest, http::header};
use saoma_domain::{
    login::AuthenticatedLogin, ports::ActiveSession, services::ServiceError, session::SessionToken,
};

use super::{browser::unbind, origin, problem::Problem};
use crate::state::State;

/// How a secret was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialSource {
    /// As a cookie, which a browser adds by itself: calls that change something have to name their origin.
    Cookie,
    /// In the `Authorization` header, which only the credential can add.
    Bearer,
}

/// A login whose poll token the caller has shown.
pub(crate) struct LoginCredential {
    pub(crate) login: AuthenticatedLogin,
    pub(crate) source: CredentialSource,
}

impl LoginCredential {
    /// Checks the poll token of a call that only reads.
    pub(crate) fn reading(state: &State, request: &HttpRequest, id: &str) -> Result<Self, Problem> {
        let (token, source) = match bearer(request) {
            Some(token) => (Some(token.to_owned()), CredentialSource::Bearer),
            None => {
                let value = state.cookies.find_login(request);
                (value.and_then(|value| unbind(state, request, id, value)), CredentialSource::Cookie)
            }
        };
        // A missing token goes the way of a wrong one, so that both look alike.
        let login =
            state.services.authenticator.authenticate_login(id, token.as_deref().unwrap_or_default())?;
        if source == CredentialSource::Cookie && navigates(request) {
            return Err(origin::refused());
        }
        Ok(Self { login, source })
    }

    /// Checks the poll token of a call that changes something.
    pub(crate) fn changing(state: &State, request: &HttpRequest, id: &str) -> Result<Self, Problem> {
        let credential = Self::reading(state, request, id)?;
        check_origin(state, request, credential.source)?;
        Ok(credential)
    }
}

/// A session token that the caller has shown.
pub(crate) struct ShownSession {
    token: SessionToken,
    source: CredentialSource,
}

impl ShownSession {
    /// Returns the session token of a call, if it has a well-formed one.
    pub(crate) fn find(state: &State, request: &HttpRequest) -> Option<Self> {
        let (text, source) = match bearer(request) {
            Some(token) => (token.to_owned(), CredentialSource::Bearer),
            None => (state.cookies.find_session(request)?, CredentialSource::Cookie),
        };
        Some(Self { token: SessionToken::parse(&text)?, source })
    }

    pub(crate) fn token(&self) -> &SessionToken {
        &self.token
    }

    /// Refuses a call that changes something and does not come from a page that may.
    pub(crate) fn check_origin(&self, state: &State, request: &HttpRequest) -> Result<(), Problem> {
        check_origin(state, request, self.source)
    }
}

/// Checks the session of a call that only reads.
pub(crate) async fn session(state: &State, request: &HttpRequest) -> Result<ActiveSession, Problem> {
    let source = ShownSession::find(state, request).ok_or(ServiceError::SessionInvalid)?;
    Ok(state.services.sessions.check(source.token()).await?)
}

/// Checks the session of a call that changes something.
pub(crate) async fn session_changing(state: &State, request: &HttpRequest) -> Result<ActiveSession, Problem> {
    let source = ShownSession::find(state, request).ok_or(ServiceError::SessionInvalid)?;
    source.check_origin(state, request)?;
    Ok(state.services.sessions.check(source.token()).await?)
}

fn check_origin(state: &State, request: &HttpRequest, source: CredentialSource) -> Result<(), Problem> {
    match source {
        CredentialSource::Bearer => Ok(()),
        CredentialSource::Cookie => origin::required(&state.config.server, request),
    }
}

/// Whether a browser was led here, by a link perhaps, instead of being asked by a page's script. A planted
/// poll token must not log anybody in that way.
fn navigates(request: &HttpRequest) -> bool {
    request.headers().get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
