//! The log of events.

use std::sync::Arc;

use actix_web::web::{Data, Json, Path, Query};
use serde::Deserialize;

use crate::error::SandboxError;
use crate::simulation::{Reaction, Simulation};
use crate::state::Event;

#[derive(Deserialize)]
pub(super) struct EventsQuery {
    after: Option<u64>,
}

/// `GET /sandbox/api/events?after=`
pub(super) async fn list(simulation: Data<Simulation>, query: Query<EventsQuery>) -> Json<Vec<Event>> {
    Json(simulation.shared.read(|state| state.events.after(query.after.unwrap_or(0))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResendRequest {
    copies: Option<usize>,
}

/// `POST /sandbox/api/events/{id}/resend`
pub(super) async fn resend(
    simulation: Data<Simulation>,
    id: Path<u64>,
    request: Json<ResendRequest>,
) -> Result<Json<Reaction>, SandboxError> {
    let simulation = Arc::clone(&simulation);
    simulation.resend(*id, request.copies.unwrap_or(1)).await.map(Json)
}
