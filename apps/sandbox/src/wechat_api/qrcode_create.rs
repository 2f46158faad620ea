//! `POST /cgi-bin/qrcode/create`

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::answer::{Errcode, Outcome, gate, write_plain};
use super::{Query, account_of_token};
use crate::simulation::Simulation;
use crate::world::{Api, QrCode, World};

/// How long a code lives when the call does not say; older documentation has 30 as well as 60.
const DEFAULT_EXPIRE_S: i64 = 60;
const MAX_EXPIRE_S: i64 = 30 * 86_400;
/// Whether WeChat counts bytes or characters is not documented; this is the stricter reading.
const MAX_SCENE_BYTES: usize = 64;

pub(super) async fn handle(
    simulation: web::Data<Simulation>,
    query: Query,
    body: web::Bytes,
) -> HttpResponse {
    let world = &simulation.world;
    gate(&simulation, Api::QrcodeCreate, || write_plain(world, answer(world, &query, &body))).await
}

fn answer(world: &World, query: &Query, body: &[u8]) -> Outcome {
    let account = account_of_token(world, query)?;
    let body = serde_json::from_slice::<Value>(body).map_err(|_| Errcode::ACTION_NAME_INVALID)?;
    let scene = scene_of(&body)?;
    let expire_s = match body.get("expire_seconds") {
        None => DEFAULT_EXPIRE_S,
        Some(value) => value.as_i64().ok_or(Errcode::ACTION_INFO_INVALID)?,
    };
    if !(1..=MAX_EXPIRE_S).contains(&expire_s) {
        return Err(Errcode::ACTION_INFO_INVALID);
    }
    let now = world.now();
    let code = QrCode {
        ticket: world.random.ticket(),
        url: world.random.code_url(),
        account: account.name.clone(),
        scene,
        created_at: now,
        expires_at: now + expire_s,
        scanned_by: Vec::new(),
    };
    let answer = json!({ "ticket": code.ticket, "expire_seconds": expire_s, "url": code.url });
    world.write(|state| state.codes.add(code));
    Ok(answer)
}

/// Reads the scene; every other kind of code is refused, because no login uses it.
fn scene_of(body: &Value) -> Result<String, Errcode> {
    if body.get("action_name").and_then(Value::as_str) != Some("QR_STR_SCENE") {
        return Err(Errcode::ACTION_NAME_INVALID);
    }
    let scene = body.pointer("/action_info/scene/scene_str").and_then(Value::as_str);
    let fits =
        |scene: &&str| (1..=MAX_SCENE_BYTES).contains(&scene.len()) && !scene.chars().any(char::is_control);
    scene.filter(fits).map(str::to_owned).ok_or(Errcode::ACTION_INFO_INVALID)
}
