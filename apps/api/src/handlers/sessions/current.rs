//! `GET` and `DELETE /v1/session`

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use saoma_domain::session::SessionPolicy;

use crate::{
    auth::{Cookies, SessionCall, SessionCredentials},
    dto::SessionAnswer,
    handlers::json,
    problem::{Problem, ProblemBody},
};

/// What the check of a session uses.
pub(crate) struct SessionReading {
    pub(crate) credentials: Arc<SessionCredentials>,
    pub(crate) policy: SessionPolicy,
}

impl SessionReading {
    /// Answers the check of a session.
    ///
    /// # Errors
    /// Those of [`SessionCredentials::reading`].
    pub(crate) async fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let active = self.credentials.reading(request).await?;
        Ok(json(&SessionAnswer::new(&active, &self.policy)))
    }
}

/// Returns the session and its account; the session's idle time begins anew.
#[utoipa::path(get, path = "/v1/session", operation_id = "read_session", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 200, description = "The session and its account", body = SessionAnswer),
    (status = "default", description = "`session_invalid`, `account_disabled`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    reading: Data<SessionReading>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    reading.answer(&request).await
}

/// Ends every session that the call names; one that has ended already is fine.
#[utoipa::path(delete, path = "/v1/session", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 204, description = "The session is over, and the cookie is cleared"),
    (status = "default", description = "`origin_refused`; `body_invalid` (400) for a token that cannot be read", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn log_out(call: SessionCall, cookies: Data<Cookies>) -> Result<HttpResponse, Problem> {
    call.end_all().await?;
    Ok(HttpResponse::NoContent().cookie(cookies.remove_session()).finish())
}
