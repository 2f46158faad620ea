//! `POST /v1/session/merge`, `POST /v1/logins/{id}/merge` and `POST /v1/session/merges/{id}/undo`: two accounts of one person
//! become one, once both are proven.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{
    ports::MergeId,
    services::{AccountService, ServiceError},
};

use crate::{
    auth::{LoginCall, SessionCall},
    dto::{AccountAnswer, MergeByLogin, MergeByNumber, OwnMergeBody},
    extract::Json,
    handlers::json,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Merges the account that has a number into the client's account, or says what would happen. The code is that of
/// `POST /v1/session/sms-codes`. It needs a login of the last ten minutes.
#[utoipa::path(post, path = "/v1/session/merge", operation_id = "merge_by_number", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), request_body = MergeByNumber, responses(
    (status = 200, description = "What moved, or would move, and what stays in the account that is shut", body = OwnMergeBody),
    (status = "default", description = "`session_invalid`, `login_too_old`, `phone_invalid`, `sms_code_wrong`, `sms_code_expired`, \
     `not_found` for a number without an account, `identity_too_new`, `scan_required` where a number alone says who it is, `account_disabled`, \
     `account_conflict`, `rate_limited`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn by_number(
    call: SessionCall,
    accounts: Data<AccountService>,
    Json(body): Json<MergeByNumber>,
) -> Result<HttpResponse, Problem> {
    let session = call.changing().await?;
    let merged = accounts.merge_by_number(&session, &body.phone, &body.code, body.dry_run).await;
    let no_account = || Problem::new(ErrorCode::NotFound, "no account has this number; bind it instead");
    match merged {
        Err(ServiceError::AccountUnknown) => Err(no_account()),
        merged => Ok(json(&OwnMergeBody::new(&merged?))),
    }
}

/// Merges the account that a login of the last ten minutes led to into the client's account, or says what would happen. A
/// browser sends the cookies of both; a device sends the poll token, and the token of its session in the body.
#[utoipa::path(post, path = "/v1/logins/{id}/merge", operation_id = "merge_by_login", tag = "sessions", security(("poll_token" = []), ("login_cookie" = [])), request_body = MergeByLogin,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 200, description = "What moved, or would move, and what stays in the account that is shut", body = OwnMergeBody),
    (status = "default", description = "`login_unknown`, `login_state`, `session_invalid`, `login_too_old`, `identity_too_new`, `scan_required`, \
     `account_disabled`, `account_conflict`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn by_login(
    login: LoginCall,
    call: SessionCall,
    accounts: Data<AccountService>,
    Json(body): Json<MergeByLogin>,
) -> Result<HttpResponse, Problem> {
    let credential = login.changing()?;
    let session = call.changing_with(body.session.as_deref()).await?;
    let merged = accounts.merge_by_login(&session, &credential.login, body.dry_run).await?;
    Ok(json(&OwnMergeBody::new(&merged)))
}

/// Undoes a merge of the last seven days into the client's account, where nothing happened to what it moved. It needs a login of
/// the last ten minutes.
#[utoipa::path(post, path = "/v1/session/merges/{id}/undo", operation_id = "undo_own_merge", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])),
    params(("id" = String, Path, description = "The merge's id")), responses(
    (status = 200, description = "The account that is its own again", body = AccountAnswer),
    (status = "default", description = "`session_invalid`, `login_too_old`, `identity_too_new`, `scan_required`, `not_found`; `account_conflict` says \
     what happened since; `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn undo(
    call: SessionCall,
    accounts: Data<AccountService>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let session = call.changing().await?;
    let unknown =
        || Problem::new(ErrorCode::NotFound, "no merge of the last seven days into this account has this id");
    let merge = MergeId::parse(&id).ok_or_else(unknown)?;
    match accounts.undo_own_merge(&session, merge).await {
        Err(ServiceError::AccountUnknown) => Err(unknown()),
        account => Ok(json(&AccountAnswer::new(&account?))),
    }
}
