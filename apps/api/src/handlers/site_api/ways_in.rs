//! `/v1/admin/accounts/{id}/sessions` and `/v1/admin/accounts/{id}/identities/{iid}`: what lets a person in.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{account::IdentityId, services::PeopleService, session::SessionId};

use super::accounts::account_in;
use crate::{
    auth::{
        SiteCall,
        scope::{AccountsWrite, SessionsList, SessionsWrite},
    },
    dto::{Page, SiteSession},
    handlers::{SessionReading, json},
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Lists the sessions of an account that are good, the newest first.
#[utoipa::path(get, path = "/v1/admin/accounts/{id}/sessions", operation_id = "list_sessions", tag = "sessions", security(("key" = ["sessions:read"]), ("key" = ["sessions:write"])),
    params(("id" = String, Path, description = "The account's id")), responses(
    (status = 200, description = "The sessions, all on one page", body = Page<SiteSession>),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list_sessions(
    call: SiteCall<SessionsList>,
    id: Path<String>,
    people: Data<PeopleService>,
    reading: Data<SessionReading>,
) -> Result<HttpResponse, Problem> {
    let sessions = people.sessions(account_in(&id)?, call.by()).await?;
    Ok(json(&Page::whole(
        sessions.iter().map(|session| SiteSession::new(session, &reading.policy)).collect(),
    )))
}

/// Ends all sessions of an account.
#[utoipa::path(delete, path = "/v1/admin/accounts/{id}/sessions", operation_id = "end_sessions", tag = "sessions", security(("key" = ["sessions:write"])),
    params(("id" = String, Path, description = "The account's id")), responses(
    (status = 204, description = "All are over"),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn end_sessions(
    call: SiteCall<SessionsWrite>,
    id: Path<String>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    people.end_sessions(account_in(&id)?, call.actor()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends one session of an account.
#[utoipa::path(delete, path = "/v1/admin/accounts/{id}/sessions/{sid}", operation_id = "end_session", tag = "sessions", security(("key" = ["sessions:write"])),
    params(("id" = String, Path, description = "The account's id"), ("sid" = String, Path, description = "The session's id")), responses(
    (status = 204, description = "It is over"),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn end_session(
    call: SiteCall<SessionsWrite>,
    ids: Path<(String, String)>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let (account, session) = ids.into_inner();
    let ended = match SessionId::parse(&session) {
        Some(session) => people.end_session(account_in(&account)?, session, call.actor()).await?,
        None => false,
    };
    if ended {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::new(ErrorCode::NotFound, "the account has no session of this id"))
}

/// Unlinks an identity from an account, also the last one, and ends the sessions that came from it.
#[utoipa::path(delete, path = "/v1/admin/accounts/{id}/identities/{iid}", operation_id = "unlink_identity", tag = "accounts", security(("key" = ["accounts:write"])),
    params(("id" = String, Path, description = "The account's id"), ("iid" = String, Path, description = "The identity's id")), responses(
    (status = 204, description = "It leads to no account any more"),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn unlink_identity(
    call: SiteCall<AccountsWrite>,
    ids: Path<(String, String)>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let (account, identity) = ids.into_inner();
    let unknown = || Problem::new(ErrorCode::NotFound, "the account has no identity of this id");
    let identity = IdentityId::parse(&identity).ok_or_else(unknown)?;
    people.unlink(account_in(&account)?, identity, call.actor()).await?;
    Ok(HttpResponse::NoContent().finish())
}
