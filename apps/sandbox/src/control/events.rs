//! The log of events.

use std::sync::Arc;

use actix_web::web::{Data, Json, Path, Query};
use serde::Deserialize;

use crate::SandboxError;
use crate::simulation::{Reaction, Simulation};
use crate::world::Event;

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<u64>,
}

/// `GET /sandbox/api/events?after=`
pub(super) async fn list(simulation: Data<Simulation>, after: Query<After>) -> Json<Vec<Event>> {
    Json(simulation.world.read(|state| state.events.after(after.after.unwrap_or(0))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Copies {
    copies: Option<usize>,
}

/// `POST /sandbox/api/events/{id}/resend`
pub(super) async fn resend(
    simulation: Data<Simulation>,
    id: Path<u64>,
    copies: Json<Copies>,
) -> Result<Json<Reaction>, SandboxError> {
    let simulation = Arc::clone(&simulation);
    simulation.resend(*id, copies.copies.unwrap_or(1)).await.map(Json)
}
