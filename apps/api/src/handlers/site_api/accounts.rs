//! `/v1/admin/accounts` and `/v1/admin/accounts/{id}`

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use saoma_domain::{account::AccountId, services::PeopleService};

use crate::{
    auth::{
        SiteCall,
        scope::{AccountsErase, AccountsRead, AccountsWrite},
    },
    dto::{AccountsQuery, ChangeAccount, CreateAccount, ExportBody, Page, SiteAccount, page_limit},
    extract::{Json, query},
    handlers::json,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Reads the id of an account in a path.
pub(super) fn account_in(path: &str) -> Result<AccountId, Problem> {
    AccountId::parse(path).ok_or_else(|| Problem::new(ErrorCode::NotFound, "there is no account of this id"))
}

/// Finds accounts, or lists all of them by their id. Several parameters have to fit together. That they were read is one entry in the
/// trail.
#[utoipa::path(get, path = "/v1/admin/accounts", operation_id = "find_accounts", tag = "accounts", security(("key" = ["accounts:read"])),
    params(
        ("phone" = Option<String>, Query, description = "The phone number"),
        ("openid" = Option<String>, Query, description = "The person within an app"),
        ("app" = Option<String>, Query, description = "The app of the openid; any, where it is left out"),
        ("unionid" = Option<String>, Query, description = "The person within an open-platform account"),
        ("external_id" = Option<String>, Query, description = "The site's own id"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 200; 50 where it is left out"),
    ), responses(
    (status = 200, description = "The accounts", body = Page<SiteAccount>),
    (status = "default", description = "`key_invalid`, `scope_missing`, `body_invalid`, `phone_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn find(
    call: SiteCall<AccountsRead>,
    request: HttpRequest,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let asked: AccountsQuery = query(&request)?;
    let limit = page_limit(asked.limit)?;
    let found = match people.find(&asked.search(), call.by()).await? {
        Some(found) => found,
        None => {
            let after = asked.after.as_deref().map(account_in).transpose();
            let after =
                after.map_err(|_| Problem::new(ErrorCode::BodyInvalid, "`after` is no account's id"))?;
            people.list(after, limit + 1, call.by()).await?
        }
    };
    let items = found.iter().map(SiteAccount::of).collect();
    Ok(json(&Page::new(items, limit, SiteAccount::id)))
}

/// Returns an account. That it was read is in the trail.
#[utoipa::path(get, path = "/v1/admin/accounts/{id}", operation_id = "read_account", tag = "accounts", security(("key" = ["accounts:read"])),
    params(("id" = String, Path, description = "The account's id")), responses(
    (status = 200, description = "The account", body = SiteAccount),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn read(
    call: SiteCall<AccountsRead>,
    id: Path<String>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    Ok(json(&SiteAccount::of(&people.person(account_in(&id)?, call.by()).await?)))
}

/// Makes an account for a person whom the site knows. The same again gets the same account.
#[utoipa::path(post, path = "/v1/admin/accounts", operation_id = "create_account", tag = "accounts", security(("key" = ["accounts:write"])),
    request_body = CreateAccount, responses(
    (status = 201, description = "It was made", body = SiteAccount),
    (status = 200, description = "There is one with this content", body = SiteAccount),
    (status = "default", description = "`key_invalid`, `scope_missing`, `body_invalid`, `phone_invalid`; `account_conflict` names what belongs to another account", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn create(
    call: SiteCall<AccountsWrite>,
    asked: Json<CreateAccount>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let (person, is_new) = people.make(&asked.0.into_draft(), call.actor()).await?;
    let body = SiteAccount::of(&person);
    if !is_new {
        return Ok(json(&body));
    }
    let location = format!("/v1/admin/accounts/{}", person.account.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(body))
}

/// Changes an account. One that is disabled has no session any more, on any node, within a second.
#[utoipa::path(patch, path = "/v1/admin/accounts/{id}", operation_id = "change_account", tag = "accounts", security(("key" = ["accounts:write"])),
    params(("id" = String, Path, description = "The account's id")), request_body = ChangeAccount, responses(
    (status = 200, description = "The account as it is now", body = SiteAccount),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`, `body_invalid`, `phone_invalid`; `account_conflict` names what belongs to another account", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn change(
    call: SiteCall<AccountsWrite>,
    id: Path<String>,
    asked: Json<ChangeAccount>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let person = people.change(account_in(&id)?, &asked.0.into_draft(), call.actor()).await?;
    Ok(json(&SiteAccount::of(&person)))
}

/// Erases an account and everything that says whose it was. The trail keeps that it happened.
#[utoipa::path(delete, path = "/v1/admin/accounts/{id}", operation_id = "erase_account", tag = "accounts", security(("key" = ["accounts:erase"])),
    params(("id" = String, Path, description = "The account's id")), responses(
    (status = 204, description = "It is gone"),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn erase(
    call: SiteCall<AccountsErase>,
    id: Path<String>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    people.erase(account_in(&id)?, call.actor()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Returns all that is kept of an account's person. That it was read is in the trail.
#[utoipa::path(get, path = "/v1/admin/accounts/{id}/export", operation_id = "export_account", tag = "accounts", security(("key" = ["accounts:read"])),
    params(("id" = String, Path, description = "The account's id")), responses(
    (status = 200, description = "Account, identities, sessions and trail", body = ExportBody),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn export(
    call: SiteCall<AccountsRead>,
    id: Path<String>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    Ok(json(&ExportBody::new(people.export(account_in(&id)?, call.actor()).await?)))
}
