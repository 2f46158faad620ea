//! `POST /v1/session/identities`, `DELETE /v1/session/identities/{id}`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{account::IdentityId, services::ServiceError};

use crate::{
    http::{
        body::Json,
        client::Caller,
        credentials,
        problem::{Problem, ProblemBody},
    },
    routes::logins::begin::Wish,
    state::State,
    wire::{NewLogin, StartedBody},
};

/// Starts a login whose person is added to the caller's account; asks for a login of the last ten minutes.
#[utoipa::path(post, path = "/v1/session/identities", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), request_body = NewLogin, responses(
    (status = 201, description = "A login as `POST /v1/logins` makes it; it ends as `registered`, or as `expired` \
     with reason `denied` where the WeChat user belongs to another account", body = StartedBody),
    (status = "default", description = "`session_invalid`, `login_too_old`, `origin_refused`, `body_invalid`, `app_unknown`, \
     `return_to_refused`, `rate_limited`, `wechat_code_invalid`, `wechat_unavailable`, `wechat_refused`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn add(
    state: Data<State>,
    request: HttpRequest,
    caller: Caller,
    Json(asked): Json<NewLogin>,
) -> Result<HttpResponse, Problem> {
    let checked = credentials::session_changing(&state, &request).await?;
    state.services.sessions.require_recent_login(&checked)?;
    Wish::checked(&state, &request, caller, asked, Some(checked.account.id))?.begin(&state).await
}

/// Takes a WeChat identity from the caller's account; asks for a login of the last ten minutes.
#[utoipa::path(delete, path = "/v1/session/identities/{id}", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])),
    params(("id" = String, Path, description = "The identity's id")), responses(
    (status = 204, description = "It is bound to no account any more"),
    (status = "default", description = "`session_invalid`, `login_too_old`, `not_found`, `last_identity`, \
     `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn remove(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let checked = credentials::session_changing(&state, &request).await?;
    let id = IdentityId::parse(&id).ok_or(ServiceError::IdentityUnknown)?;
    state.services.accounts.remove_identity(&checked, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
