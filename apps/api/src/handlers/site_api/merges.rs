//! `POST /v1/admin/accounts/{id}/merge` and `POST /v1/admin/merges/{mid}/undo`

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{
    ports::MergeId,
    services::{PeopleService, ServiceError},
};

use super::accounts::account_in;
use crate::{
    auth::{SiteCall, scope::AccountsMerge},
    dto::{MergeBody, MergeRequest, SiteAccount},
    extract::Json,
    handlers::json,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Merges an account into this one, or says what would happen. The other account is shut, and keeps what both have.
#[utoipa::path(post, path = "/v1/admin/accounts/{id}/merge", operation_id = "merge_accounts", tag = "accounts", security(("key" = ["accounts:merge"])),
    params(("id" = String, Path, description = "The account that stays")), request_body = MergeRequest, responses(
    (status = 200, description = "What moved, or would move, and what stays", body = MergeBody),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`, `account_conflict`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn merge(
    call: SiteCall<AccountsMerge>,
    id: Path<String>,
    asked: Json<MergeRequest>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let (into, from) = (account_in(&id)?, account_in(&asked.0.from)?);
    let merge = people.merge(into, from, asked.0.dry_run, call.actor()).await?;
    Ok(json(&MergeBody::new(&merge)))
}

/// Undoes a merge of the last seven days, where nothing happened to what it moved, and returns the account that is its own
/// again.
#[utoipa::path(post, path = "/v1/admin/merges/{mid}/undo", operation_id = "undo_merge", tag = "accounts", security(("key" = ["accounts:merge"])),
    params(("mid" = String, Path, description = "The merge's id")), responses(
    (status = 200, description = "The account that is its own again", body = SiteAccount),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`; `account_conflict` says what happened since", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn undo(
    call: SiteCall<AccountsMerge>,
    id: Path<String>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::new(ErrorCode::NotFound, "no merge of the last seven days has this id");
    let merge = MergeId::parse(&id).ok_or_else(unknown)?;
    match people.undo_merge(merge, call.actor()).await {
        Err(ServiceError::AccountUnknown) => Err(unknown()),
        person => Ok(json(&SiteAccount::of(&person?))),
    }
}
