//! `POST /v1/session/identities`, `DELETE /v1/session/identities/{id}`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{
    account::IdentityId,
    services::{AccountService, ServiceError, SessionService},
};

use crate::{
    auth::SessionCall,
    clients::LoginStarts,
    dto::{StartRequest, StartedBody},
    extract::{Caller, Json},
    problem::{Problem, ProblemBody},
};

/// Starts a login that links its person to the client's account. It needs a login of the last ten minutes.
#[utoipa::path(post, path = "/v1/session/identities", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), request_body = StartRequest, responses(
    (status = 201, description = "A login as `POST /v1/logins` makes it; it ends as `registered`, or as `expired` \
     with reason `denied` where the WeChat user belongs to another account", body = StartedBody),
    (status = "default", description = "`session_invalid`, `login_too_old`, `scan_required`, `origin_refused`, `body_invalid`, `app_unknown`, \
     `return_to_refused`, `rate_limited`, `wechat_code_invalid`, `wechat_unavailable`, `wechat_refused`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn add(
    call: SessionCall,
    sessions: Data<SessionService>,
    starts: Data<LoginStarts>,
    request: HttpRequest,
    caller: Caller,
    Json(body): Json<StartRequest>,
) -> Result<HttpResponse, Problem> {
    let session = call.changing().await?;
    sessions.require_recent_login(&session)?;
    let start = starts.check(&request, caller, body, Some(session.account.id))?;
    Ok(starts.start(&request, start).await?.created())
}

/// Unlinks a WeChat identity from the client's account. It needs a login of the last ten minutes.
#[utoipa::path(delete, path = "/v1/session/identities/{id}", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])),
    params(("id" = String, Path, description = "The identity's id")), responses(
    (status = 204, description = "It is bound to no account any more"),
    (status = "default", description = "`session_invalid`, `login_too_old`, `scan_required`, `not_found`, `last_identity`, `identity_too_new`, \
     `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn remove(
    call: SessionCall,
    accounts: Data<AccountService>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let session = call.changing().await?;
    let id = IdentityId::parse(&id).ok_or(ServiceError::IdentityUnknown)?;
    accounts.remove_identity(&session, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
