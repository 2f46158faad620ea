//! `POST /cgi-bin/qrcode/create`

use serde_json::{Value, json};

use super::answer::ApiResult;
use super::call::Call;
use super::errcode::Errcode;
use crate::state::QrCode;

/// The lifetime of a code when the call names none; older documentation has 30 as well as 60.
const DEFAULT_EXPIRE_S: i64 = 60;
const MAX_EXPIRE_S: i64 = 30 * 86_400;
/// Whether WeChat counts bytes or characters is not documented; this is the stricter reading.
const MAX_SCENE_BYTES: usize = 64;

pub(super) fn answer(call: &Call<'_>) -> ApiResult {
    let (account, shared) = (call.official_account()?, call.shared);
    let body = serde_json::from_slice::<Value>(call.body).map_err(|_| Errcode::ACTION_NAME_INVALID)?;
    let scene = scene_of(&body)?;
    let expire_s = match body.get("expire_seconds") {
        None => DEFAULT_EXPIRE_S,
        Some(value) => value.as_i64().ok_or(Errcode::ACTION_INFO_INVALID)?,
    };
    if !(1..=MAX_EXPIRE_S).contains(&expire_s) {
        return Err(Errcode::ACTION_INFO_INVALID);
    }
    let now = shared.now();
    let code = QrCode {
        ticket: shared.random.ticket(),
        url: shared.random.code_url(),
        account: account.name.clone(),
        scene,
        created_at: now,
        expires_at: now + expire_s,
        scanned_by: Vec::new(),
    };
    let answer = json!({ "ticket": code.ticket, "expire_seconds": expire_s, "url": code.url });
    shared.write(|state| state.qr_codes.add(code));
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
