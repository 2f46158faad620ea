//! `GET /wxa/checksession` and `GET /wxa/resetusersessionkey`

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::answer::{Errcode, Outcome, gate, write_plain};
use super::{Query, mini_program_of_token, parameter, person_by_openid};
use crate::app::App;
use crate::open_data::is_signed;
use crate::simulation::Simulation;
use crate::world::{Api, State, World};

pub(super) async fn check(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    let world = &simulation.world;
    gate(&simulation, Api::Checksession, || write_plain(world, checked(world, &query))).await
}

fn checked(world: &World, query: &Query) -> Outcome {
    let app = mini_program_of_token(world, query)?;
    world.read(|state| signer(state, &app, query))?;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

pub(super) async fn reset(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    let world = &simulation.world;
    gate(&simulation, Api::Resetusersessionkey, || write_plain(world, renewed(world, &query))).await
}

fn renewed(world: &World, query: &Query) -> Outcome {
    let app = mini_program_of_token(world, query)?;
    let key = world.random.session_key();
    let answer =
        json!({ "errcode": 0, "errmsg": "ok", "openid": parameter(query, "openid"), "session_key": key });
    world.write(|state| {
        let person = signer(state, &app, query)?;
        state.mini_sessions.renew(app.app_id, &person, key);
        Ok(answer)
    })
}

/// Returns whose session key, the one that is good now, has signed the call.
fn signer(state: &State, app: &App<'_>, query: &Query) -> Result<String, Errcode> {
    let openid = parameter(query, "openid").ok_or(Errcode::OPENID_MISSING)?;
    if parameter(query, "sig_method") != Some("hmac_sha256") {
        return Err(Errcode::SIG_METHOD_INVALID);
    }
    let person = person_by_openid(state, app, openid).ok_or(Errcode::OPENID_INVALID)?;
    let key = state.mini_sessions.current(app.app_id, &person).ok_or(Errcode::SIGNATURE_INVALID)?;
    let signature = parameter(query, "signature").unwrap_or_default();
    if is_signed(key, signature) { Ok(person) } else { Err(Errcode::SIGNATURE_INVALID) }
}
