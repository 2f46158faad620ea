//! `GET` and `DELETE /v1/session`

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    http::{
        credentials::{self, ShownSession},
        problem::{Problem, ProblemBody},
    },
    state::State,
    wire::SessionAnswer,
};

/// Tells whose session it is, and lets it slide.
#[utoipa::path(get, path = "/v1/session", operation_id = "read_session", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 200, description = "The session and its account", body = SessionAnswer),
    (status = "default", description = "`session_invalid`, `account_disabled`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn read(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let checked = credentials::session(&state, &request).await?;
    Ok(HttpResponse::Ok().json(SessionAnswer::new(checked, &state.config.session)))
}

/// Ends the caller's session; one that is over is ended already.
#[utoipa::path(delete, path = "/v1/session", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 204, description = "The session is over, and the cookie is cleared"),
    (status = "default", description = "`origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn log_out(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    if let Some(session) = ShownSession::find(&state, &request) {
        session.check_origin(&state, &request)?;
        state.services.sessions.log_out(session.token()).await?;
    }
    Ok(HttpResponse::NoContent().cookie(state.cookies.no_session()).finish())
}
