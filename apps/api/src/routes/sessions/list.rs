//! `GET` and `DELETE /v1/sessions`, `DELETE /v1/sessions/{id}`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::session::SessionId;

use crate::{
    http::{
        credentials,
        problem::{Code, Problem, ProblemBody},
    },
    state::State,
    wire::{ListedSession, SessionsBody},
};

/// Lists the account's sessions, the newest first.
#[utoipa::path(get, path = "/v1/sessions", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 200, description = "The account's sessions", body = SessionsBody),
    (status = "default", description = "`session_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn list(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let checked = credentials::session(&state, &request).await?;
    let sessions = state.services.sessions.list(&checked).await?;
    let own = checked.session.id;
    let sessions = sessions.into_iter().map(|session| ListedSession::new(session, own)).collect();
    Ok(HttpResponse::Ok().json(SessionsBody { sessions }))
}

/// Ends one of the account's sessions.
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])),
    params(("id" = String, Path, description = "The session's id")), responses(
    (status = 204, description = "The session is over"),
    (status = "default", description = "`session_invalid`, `not_found`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn end(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let checked = credentials::session_changing(&state, &request).await?;
    let ended = match SessionId::parse(&id) {
        Some(id) => state.services.sessions.end(&checked, id).await?,
        None => false,
    };
    if ended {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::new(Code::NotFound, "the account has no session of this id"))
}

/// Ends all of the account's sessions, the caller's own included.
#[utoipa::path(delete, path = "/v1/sessions", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 204, description = "All sessions are over, and the cookie is cleared"),
    (status = "default", description = "`session_invalid`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn end_all(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let checked = credentials::session_changing(&state, &request).await?;
    state.services.sessions.end_all(&checked).await?;
    Ok(HttpResponse::NoContent().cookie(state.cookies.no_session()).finish())
}
