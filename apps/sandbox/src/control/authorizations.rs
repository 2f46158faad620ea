//! Authorization pages and what people decide on them.

use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::SandboxError;
use crate::simulation::Simulation;
use crate::world::{Decision, Page, World};

/// How many pages an overview shows, newest first.
const MAX_SHOWN: usize = 20;

/// `GET /sandbox/api/authorizations`: the pages that wait.
pub(super) async fn list(simulation: Data<Simulation>) -> Json<Value> {
    Json(json!({ "now": simulation.world.now(), "authorizations": waiting(&simulation.world) }))
}

/// `GET /sandbox/api/authorizations/{id}`: one page, with what was decided on it.
pub(super) async fn show(
    simulation: Data<Simulation>,
    id: Path<String>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(describe(&simulation.page(&id)?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decided {
    person: String,
    #[serde(default)]
    snapshot: bool,
}

/// `POST /sandbox/api/authorizations/{id}/allow`
pub(super) async fn allow(
    simulation: Data<Simulation>,
    id: Path<String>,
    by: Json<Decided>,
) -> Result<Json<Decision>, SandboxError> {
    simulation.decide(&id, &by.person, true, by.snapshot).map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct By {
    person: String,
}

/// `POST /sandbox/api/authorizations/{id}/refuse`
pub(super) async fn refuse(
    simulation: Data<Simulation>,
    id: Path<String>,
    by: Json<By>,
) -> Result<Json<Decision>, SandboxError> {
    simulation.decide(&id, &by.person, false, false).map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowUrl {
    url: String,
    #[serde(default)]
    snapshot: bool,
}

/// `POST /sandbox/api/people/{name}/allow`
pub(super) async fn allow_url(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<AllowUrl>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(json!({ "redirect_url": simulation.allow(&name, &of.url, of.snapshot)?.as_str() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefuseUrl {
    url: String,
}

/// `POST /sandbox/api/people/{name}/refuse`
pub(super) async fn refuse_url(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<RefuseUrl>,
) -> Result<Json<Value>, SandboxError> {
    let url = simulation.refuse(&name, &of.url)?;
    Ok(Json(json!({ "redirect_url": url.as_ref().map(url::Url::as_str) })))
}

/// Returns the newest pages that wait.
pub(super) fn waiting(world: &World) -> Vec<Value> {
    let now = world.now();
    world.read(|state| state.pages.waiting(now).take(MAX_SHOWN).map(describe).collect())
}

fn describe(page: &Page) -> Value {
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
