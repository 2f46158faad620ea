//! `DELETE /v1/account`, `GET /v1/account/export` and `PATCH /v1/session/profile`: what is kept of a person is theirs.

use actix_web::{
    HttpResponse,
    web::{Data, ServiceConfig},
};
use saoma_domain::{actor::Actor, services::PeopleService};

use super::{Endpoint, json};
use crate::{
    auth::{Cookies, SessionCall},
    dto::{ExportBody, ProfileBody, ProfileRequest},
    extract::Json,
    problem::{Problem, ProblemBody},
};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/account").delete(erase).done())
        .service(Endpoint::at("/v1/account/export").get(export).done())
        .service(Endpoint::at("/v1/session/profile").patch(change_profile).done());
}

/// Erases the account and everything that says whose it was. Needs a login of the last ten minutes.
#[utoipa::path(delete, path = "/v1/account", operation_id = "erase_account", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 204, description = "It is gone, and the cookie is cleared"),
    (status = "default", description = "`session_invalid`, `login_too_old`, `scan_required`, `identity_too_new`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn erase(
    call: SessionCall,
    people: Data<PeopleService>,
    cookies: Data<Cookies>,
) -> Result<HttpResponse, Problem> {
    people.erase_own(&*call.changing().await?).await?;
    Ok(HttpResponse::NoContent().cookie(cookies.remove_session()).finish())
}

/// Returns all that is kept of the person.
#[utoipa::path(get, path = "/v1/account/export", operation_id = "export_account", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 200, description = "Account, identities, sessions and trail", body = ExportBody),
    (status = "default", description = "`session_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn export(call: SessionCall, people: Data<PeopleService>) -> Result<HttpResponse, Problem> {
    let active = call.reading().await?;
    Ok(json(&ExportBody::new(people.export(active.account.id, Actor::Person).await?)))
}

/// Writes the name and the picture that the person shows on this site, such as a mini program's fill-in gives.
#[utoipa::path(patch, path = "/v1/session/profile", operation_id = "change_profile", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])),
    request_body = ProfileRequest, responses(
    (status = 200, description = "The profile as it is now", body = ProfileBody),
    (status = "default", description = "`session_invalid`, `body_invalid`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn change_profile(
    call: SessionCall,
    asked: Json<ProfileRequest>,
    people: Data<PeopleService>,
) -> Result<HttpResponse, Problem> {
    let active = call.changing().await?;
    let person = people.change(active.account.id, &asked.0.into_draft(), Actor::Person).await?;
    Ok(json(&ProfileBody::of(&person.account)))
}
