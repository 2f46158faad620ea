//! Authorization pages and what people decide on them.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde_json::{Value, json};

use super::Answer;
use super::requests::{AllowPage, RefusePage};
use crate::person::Person;
use crate::simulation::Simulation;
use crate::state::{AuthorizationPage, Decision, State};

/// The number of pages that an overview shows, newest first.
const MAX_SHOWN: usize = 20;

/// The pages that wait.
#[get("/authorizations")]
pub(super) async fn list(on: Data<Simulation>) -> Json<Value> {
    let now = on.shared.now();
    Json(on.shared.read(|state| json!({ "now": now, "authorizations": waiting(state, now) })))
}

/// One page, with the decision on it.
#[get("/authorizations/{id}")]
pub(super) async fn show(on: Data<Simulation>, id: Path<String>) -> Answer {
    Ok(Json(describe(&on.page(&id)?)))
}

#[post("/authorizations/{id}/allow")]
pub(super) async fn allow(on: Data<Simulation>, id: Path<String>, by: Json<AllowPage>) -> Answer<Decision> {
    let page = on.page(&id)?;
    Person::find(&on, &by.person)?.decide(page, true, by.snapshot.unwrap_or_default()).map(Json)
}

#[post("/authorizations/{id}/refuse")]
pub(super) async fn refuse(on: Data<Simulation>, id: Path<String>, by: Json<RefusePage>) -> Answer<Decision> {
    let page = on.page(&id)?;
    Person::find(&on, &by.person)?.decide(page, false, false).map(Json)
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
