//! `GET /sns/auth`

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::answer::{Errcode, Outcome, gate, write_plain};
use super::{Query, parameter};
use crate::simulation::Simulation;
use crate::world::{Api, World};

/// Says whether a user's token is good; whatever is wrong with it or with the openid is 40003.
pub(super) async fn handle(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    let world = &simulation.world;
    gate(&simulation, Api::SnsAuth, || write_plain(world, answer(world, &query))).await
}

fn answer(world: &World, query: &Query) -> Outcome {
    let token = parameter(query, "access_token").ok_or(Errcode::TOKEN_MISSING)?;
    let openid = parameter(query, "openid").ok_or(Errcode::OPENID_MISSING)?;
    let now = world.now();
    match world.read(|state| state.user_tokens.judge(token, now)) {
        Ok(grant) if grant.openid() == openid => Ok(json!({ "errcode": 0, "errmsg": "ok" })),
        Ok(_) | Err(_) => Err(Errcode::OPENID_INVALID),
    }
}
