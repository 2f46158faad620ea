//! WeChat's console, the log of events, scripted faults, and the clock.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpResponse, delete, get, post, put};
use serde_json::{Value, json};

use super::Answer;
use super::requests::{Advance, After, NewFault, OpenAccount, Resend, Url};
use crate::error::SandboxError;
use crate::simulation::{Reaction, Simulation};
use crate::state::Event;

type Done = Result<HttpResponse, SandboxError>;

#[put("/accounts/{name}/callback-url")]
pub(super) async fn set_callback_url(on: Data<Simulation>, name: Path<String>, new: Json<Url>) -> Done {
    on.set_callback_url(&name, &new.url)?;
    Ok(HttpResponse::NoContent().finish())
}

#[post("/accounts/{name}/check-url")]
pub(super) async fn check_url(on: Data<Simulation>, name: Path<String>) -> Answer {
    Ok(Json(json!({ "answers": on.check_callback_url(&name).await? })))
}

#[post("/accounts/{name}/kill-tokens")]
pub(super) async fn kill_tokens(on: Data<Simulation>, name: Path<String>) -> Answer {
    Ok(Json(json!({ "killed": on.kill_tokens(&name)? })))
}

/// `null` takes the app out of the open-platform account that it is bound to.
#[put("/apps/{name}/open-account")]
pub(super) async fn bind_open_account(
    on: Data<Simulation>,
    name: Path<String>,
    new: Json<OpenAccount>,
) -> Done {
    on.bind_open_account(&name, new.open_account.as_deref())?;
    Ok(HttpResponse::NoContent().finish())
}

#[get("/events")]
pub(super) async fn events(on: Data<Simulation>, query: Query<After>) -> Json<Vec<Event>> {
    Json(on.shared.read(|state| state.events.after(query.after.unwrap_or(0))))
}

#[post("/events/{id}/resend")]
pub(super) async fn resend(on: Data<Simulation>, id: Path<u64>, of: Json<Resend>) -> Answer<Reaction> {
    Arc::clone(&on).send_event(*id, of.copies.unwrap_or(1)).await.map(Json)
}

/// The faults that wait, by API.
#[get("/faults")]
pub(super) async fn faults(on: Data<Simulation>) -> Json<Value> {
    Json(on.shared.read(|state| json!(state.faults.waiting)))
}

#[post("/faults")]
pub(super) async fn add_fault(on: Data<Simulation>, new: Json<NewFault>) -> HttpResponse {
    let times = new.times.unwrap_or(1);
    let waiting = on.shared.write(|state| state.faults.add(new.api, &new.fault, times));
    HttpResponse::Created().json(json!({ "waiting": waiting }))
}

#[delete("/faults")]
pub(super) async fn clear_faults(on: Data<Simulation>) -> HttpResponse {
    on.shared.write(|state| state.faults.waiting.clear());
    HttpResponse::NoContent().finish()
}

/// The number of calls of each API since the start.
#[get("/calls")]
pub(super) async fn calls(on: Data<Simulation>) -> Json<Value> {
    Json(on.shared.read(|state| json!(state.faults.calls)))
}

#[post("/clock/advance")]
pub(super) async fn advance_clock(on: Data<Simulation>, by: Json<Advance>) -> Json<Value> {
    on.advance_clock(Duration::from_secs(by.seconds.into()));
    Json(json!({ "now": on.shared.now() }))
}
