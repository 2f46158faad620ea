//! `POST /cgi-bin/stable_token`

use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::answer::{Errcode, Outcome, gate, write};
use super::{WITH_TOKENS, app_of_secret, check_grant, token_answer};
use crate::simulation::Simulation;
use crate::world::{Api, World};

pub(super) async fn handle(simulation: web::Data<Simulation>, body: web::Bytes) -> HttpResponse {
    gate(&simulation, Api::StableToken, || write(&simulation.world, answer(&simulation.world, &body))).await
}

fn answer(world: &World, body: &[u8]) -> Outcome {
    if body.is_empty() {
        return Err(Errcode::BODY_EMPTY);
    }
    let body = serde_json::from_slice::<Value>(body).map_err(|_| Errcode::JSON_INVALID)?;
    let field = |name| body.get(name).and_then(Value::as_str);
    let force = match body.get("force_refresh") {
        None => false,
        Some(value) => value.as_bool().ok_or(Errcode::JSON_INVALID)?,
    };
    check_grant(field("grant_type"), "client_credential")?;
    let app = app_of_secret(world, field("appid"), field("secret"), WITH_TOKENS)?;
    let (app_id, now, fresh) = (app.app_id, world.now(), world.random.access_token());
    let issued = world.write(|state| {
        if force {
            state.tokens.forced(app_id, now, fresh)
        } else {
            Ok(state.tokens.stable(app_id, now, fresh))
        }
    });
    token_answer(issued)
}
