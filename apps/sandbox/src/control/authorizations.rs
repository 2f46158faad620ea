//! Authorization pages and what people decide on them.

use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::SandboxError;
use crate::simulation::Simulation;
use crate::state::{AuthorizationPage, Decision, State};

/// The number of pages that an overview shows, newest first.
const MAX_SHOWN: usize = 20;

/// `GET /sandbox/api/authorizations`: the pages that wait.
pub(super) async fn list(simulation: Data<Simulation>) -> Json<Value> {
    let now = simulation.shared.now();
    Json(simulation.shared.read(|state| json!({ "now": now, "authorizations": waiting(state, now) })))
}

/// `GET /sandbox/api/authorizations/{id}`: one page, with the decision on it.
pub(super) async fn show(
    simulation: Data<Simulation>,
    id: Path<String>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(describe(&simulation.page(&id)?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowRequest {
    person: String,
    #[serde(default)]
    snapshot: bool,
}

/// `POST /sandbox/api/authorizations/{id}/allow`
pub(super) async fn allow(
    simulation: Data<Simulation>,
    id: Path<String>,
    by: Json<AllowRequest>,
) -> Result<Json<Decision>, SandboxError> {
    simulation.decide(&id, &by.person, true, by.snapshot).map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseRequest {
    person: String,
}

/// `POST /sandbox/api/authorizations/{id}/refuse`
pub(super) async fn refuse(
    simulation: Data<Simulation>,
    id: Path<String>,
    by: Json<RefuseRequest>,
) -> Result<Json<Decision>, SandboxError> {
    simulation.decide(&id, &by.person, false, false).map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowUrlRequest {
    url: String,
    #[serde(default)]
    snapshot: bool,
}

/// `POST /sandbox/api/people/{name}/allow`
pub(super) async fn allow_url(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<AllowUrlRequest>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(json!({ "redirect_url": simulation.allow(&name, &of.url, of.snapshot)?.as_str() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseUrlRequest {
    url: String,
}

/// `POST /sandbox/api/people/{name}/refuse`
pub(super) async fn refuse_url(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<RefuseUrlRequest>,
) -> Result<Json<Value>, SandboxError> {
    let url = simulation.refuse(&name, &of.url)?;
    Ok(Json(json!({ "redirect_url": url.as_ref().map(url::Url::as_str) })))
}

/// Returns the newest pages that wait.
pub(super) fn waiting(state: &State, now: i64) -> Vec<Value> {
    state.pages.waiting(now).take(MAX_SHOWN).map(describe).collect()
}

fn describe(page: &AuthorizationPage) -> Value {
    json!({
        "id": page.id,
        "app": page.request.app,
        "scope": page.request.scope,
        "host": page.request.redirect_uri.host_str(),
        "created_at": page.opened_at,
        "expires_at": page.expires_at(),
        "decision": page.decision,
    })
}
