//! `POST /wxa/business/getuserphonenumber`

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::answer::{Errcode, Outcome, gate, write_plain};
use super::{Query, mini_program_of_token};
use crate::simulation::{Simulation, phone_info};
use crate::world::{Api, World, openid};

pub(super) async fn handle(
    simulation: web::Data<Simulation>,
    query: Query,
    body: web::Bytes,
) -> HttpResponse {
    let world = &simulation.world;
    gate(&simulation, Api::Getuserphonenumber, || write_plain(world, answer(world, &query, &body))).await
}

/// Whatever is wrong with a code, used up or not, is 40029.
fn answer(world: &World, query: &Query, body: &[u8]) -> Outcome {
    let app = mini_program_of_token(world, query)?;
    if body.is_empty() {
        return Err(Errcode::BODY_EMPTY);
    }
    let body = serde_json::from_slice::<Value>(body).map_err(|_| Errcode::JSON_INVALID)?;
    let code = body.get("code").and_then(Value::as_str).ok_or(Errcode::CODE_INVALID)?;
    let now = world.now();
    world.write(|state| {
        let person = state.phone_codes.judge(code, app.app_id, now).map_err(|_| Errcode::CODE_INVALID)?;
        let theirs = openid(app.app_id, &person);
        if body.get("openid").is_some_and(|openid| openid.as_str() != Some(&theirs)) {
            return Err(Errcode::OPENID_INVALID);
        }
        let _same = state.phone_codes.take(code, app.app_id, now);
        let phone = state.people.get(&person).map(|person| person.phone.as_str()).unwrap_or_default();
        let info = phone_info(phone, app.app_id, now);
        Ok(json!({ "errcode": 0, "errmsg": "ok", "phone_info": info }))
    })
}
