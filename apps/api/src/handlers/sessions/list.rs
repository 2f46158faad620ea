//! `GET` and `DELETE /v1/sessions`, `DELETE /v1/sessions/{id}`

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{services::SessionService, session::SessionId};

use crate::{
    auth::{Cookies, SessionCall},
    dto::{ListedSession, SessionsBody},
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Lists the account's sessions, the newest first.
#[utoipa::path(get, path = "/v1/sessions", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 200, description = "The account's sessions", body = SessionsBody),
    (status = "default", description = "`session_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn list(call: SessionCall, sessions: Data<SessionService>) -> Result<HttpResponse, Problem> {
    let own = call.reading().await?;
    let sessions = sessions.list(&own).await?;
    let sessions = sessions.into_iter().map(|session| ListedSession::new(session, own.session.id)).collect();
    Ok(HttpResponse::Ok().json(SessionsBody { sessions }))
}

/// Ends one of the account's sessions.
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])),
    params(("id" = String, Path, description = "The session's id")), responses(
    (status = 204, description = "The session is over"),
    (status = "default", description = "`session_invalid`, `not_found`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn end(
    call: SessionCall,
    sessions: Data<SessionService>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let own = call.changing().await?;
    let ended = match SessionId::parse(&id) {
        Some(id) => sessions.end(&own, id).await?,
        None => false,
    };
    if ended {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::new(ErrorCode::NotFound, "the account has no session of this id"))
}

/// Ends all of the account's sessions, that of the client included.
#[utoipa::path(delete, path = "/v1/sessions", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 204, description = "All sessions are over, and the cookie is cleared"),
    (status = "default", description = "`session_invalid`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn end_all(
    call: SessionCall,
    sessions: Data<SessionService>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    let own = call.changing().await?;
    sessions.end_all(&own).await?;
    Ok(HttpResponse::NoContent().cookie(cookies.remove_session()).finish())
}
