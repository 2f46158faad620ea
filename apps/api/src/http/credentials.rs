//! The secrets that a caller shows, and by which door they came.

use actix_web::{HttpRequest, http::header};
use saoma_domain::{
    flows::{CheckedSession, FlowError},
    login::HeldLogin,
    session::SessionToken,
};

use super::{browser::unbind, origin, problem::Problem};
use crate::state::State;

/// How a secret was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As a cookie, which a browser adds by itself: calls that change something have to name their origin.
    Cookie,
    /// In the `Authorization` header, which only the holder can add.
    Bearer,
}

/// A login whose poll token the caller has shown.
pub(crate) struct Holder {
    pub(crate) login: HeldLogin,
    pub(crate) shown: Shown,
}

impl Holder {
    /// Checks the poll token of a call that only reads.
    pub(crate) fn reading(state: &State, request: &HttpRequest, id: &str) -> Result<Self, Problem> {
        let (token, shown) = match bearer(request) {
            Some(token) => (Some(token.to_owned()), Shown::Bearer),
            None => {
                let value = state.cookies.find_login(request);
                (value.and_then(|value| unbind(state, request, id, value)), Shown::Cookie)
            }
        };
        // A missing token goes the way of a wrong one, so that both look alike.
        let login = state.flows.hold(id, token.as_deref().unwrap_or_default())?;
        if shown == Shown::Cookie && navigates(request) {
            return Err(origin::refused());
        }
        Ok(Self { login, shown })
    }

    /// Checks the poll token of a call that changes something.
    pub(crate) fn changing(state: &State, request: &HttpRequest, id: &str) -> Result<Self, Problem> {
        let holder = Self::reading(state, request, id)?;
        check_origin(state, request, holder.shown)?;
        Ok(holder)
    }
}

/// A session token that the caller has shown.
pub(crate) struct ShownSession {
    token: SessionToken,
    shown: Shown,
}

impl ShownSession {
    /// Returns the session token of a call, if it has a well-formed one.
    pub(crate) fn find(state: &State, request: &HttpRequest) -> Option<Self> {
        let (text, shown) = match bearer(request) {
            Some(token) => (token.to_owned(), Shown::Bearer),
            None => (state.cookies.find_session(request)?, Shown::Cookie),
        };
        Some(Self { token: SessionToken::parse(&text)?, shown })
    }

    pub(crate) fn token(&self) -> &SessionToken {
        &self.token
    }

    /// Refuses a call that changes something and does not come from a page that may.
    pub(crate) fn check_origin(&self, state: &State, request: &HttpRequest) -> Result<(), Problem> {
        check_origin(state, request, self.shown)
    }
}

/// Checks the session of a call that only reads.
pub(crate) async fn session(state: &State, request: &HttpRequest) -> Result<CheckedSession, Problem> {
    let shown = ShownSession::find(state, request).ok_or(FlowError::SessionInvalid)?;
    Ok(state.flows.check_session(shown.token()).await?)
}

/// Checks the session of a call that changes something.
pub(crate) async fn session_changing(
    state: &State,
    request: &HttpRequest,
) -> Result<CheckedSession, Problem> {
    let shown = ShownSession::find(state, request).ok_or(FlowError::SessionInvalid)?;
    shown.check_origin(state, request)?;
    Ok(state.flows.check_session(shown.token()).await?)
}

fn check_origin(state: &State, request: &HttpRequest, shown: Shown) -> Result<(), Problem> {
    match shown {
        Shown::Bearer => Ok(()),
        Shown::Cookie => origin::required(&state.config.server, request),
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
