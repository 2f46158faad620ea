//! Scripted faults and the numbers of calls.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::simulation::Simulation;
use crate::state::{Api, Fault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultRequest {
    api: Api,
    times: Option<usize>,
    fault: Fault,
}

/// `GET /sandbox/api/faults`: those that wait, by API.
pub(super) async fn list(simulation: Data<Simulation>) -> Json<Value> {
    Json(simulation.shared.read(|state| json!(state.faults.waiting())))
}

/// `POST /sandbox/api/faults`
pub(super) async fn add(simulation: Data<Simulation>, new: Json<FaultRequest>) -> HttpResponse {
    let times = new.times.unwrap_or(1);
    let waiting = simulation.shared.write(|state| state.faults.add(new.api, &new.fault, times));
    HttpResponse::Created().json(json!({ "waiting": waiting }))
}

/// `DELETE /sandbox/api/faults`
pub(super) async fn clear(simulation: Data<Simulation>) -> HttpResponse {
    simulation.shared.write(|state| state.faults.clear());
    HttpResponse::NoContent().finish()
}

/// `GET /sandbox/api/calls`: the number of calls of each API since the start.
pub(super) async fn calls(simulation: Data<Simulation>) -> Json<Value> {
    Json(simulation.shared.read(|state| json!(state.faults.calls())))
}
