//! Scripted failures and the counters of calls.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::simulation::Simulation;
use crate::world::{Api, Fault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFault {
    api: Api,
    times: Option<usize>,
    fault: Fault,
}

/// `GET /sandbox/api/faults`: those that wait, by API.
pub(super) async fn list(simulation: Data<Simulation>) -> Json<Value> {
    Json(simulation.world.read(|state| json!(state.faults.waiting())))
}

/// `POST /sandbox/api/faults`
pub(super) async fn add(simulation: Data<Simulation>, new: Json<NewFault>) -> HttpResponse {
    let times = new.times.unwrap_or(1);
    let waiting = simulation.world.write(|state| state.faults.add(new.api, &new.fault, times));
    HttpResponse::Created().json(json!({ "waiting": waiting }))
}

/// `DELETE /sandbox/api/faults`
pub(super) async fn clear(simulation: Data<Simulation>) -> HttpResponse {
    simulation.world.write(|state| state.faults.clear());
    HttpResponse::NoContent().finish()
}

/// `GET /sandbox/api/calls`: how often each API was called since the start.
pub(super) async fn calls(simulation: Data<Simulation>) -> Json<Value> {
    Json(simulation.world.read(|state| json!(state.faults.calls())))
}
