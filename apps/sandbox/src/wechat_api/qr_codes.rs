//! QR codes: made for a service, and drawn for it and for the phone page.

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::answer::{ApiResult, answer_or_fail};
use super::call::{Call, Query};
use super::errcode::Errcode;
use crate::apps::OfficialAccount;
use crate::shared_state::SharedState;
use crate::simulation::Simulation;
use crate::state::{Api, QrCode};

/// The lifetime of a code when the call names none; older documentation has 30 as well as 60.
const DEFAULT_EXPIRE_S: i64 = 60;
const MAX_EXPIRE_S: i64 = 30 * 86_400;
/// Whether WeChat counts bytes or characters is not documented; this is the stricter reading.
const MAX_SCENE_BYTES: usize = 64;

/// `POST /cgi-bin/qrcode/create`
pub(super) fn create(call: &Call<'_>) -> ApiResult {
    let (account, shared) = (call.verified_account()?, call.shared);
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

/// `GET /cgi-bin/showqrcode`: draws the code of a ticket; 404 for one that is unknown or has expired.
pub(super) async fn show(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    answer_or_fail(&simulation.shared, Api::Showqrcode, || draw(&simulation.shared, &query)).await
}

/// `GET /sandbox/codes?ticket=`: the picture that a phone sees. It is no call of WeChat's API, so it is neither
/// counted nor made to fail.
pub(super) async fn picture(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    draw(&simulation.shared, &query)
}

/// `GET /qr/code?username=` of `open.weixin.qq.com`: draws an account's own code, found by its original id; 404 for another id.
pub(super) async fn of_account(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    let id = query.get("username").map(String::as_str).unwrap_or_default();
    let found = simulation.shared.config.accounts.iter().find(|account| account.original_id == id);
    drawn(found.map(OfficialAccount::own_code_url).as_deref())
}

fn draw(shared: &SharedState, query: &Query) -> HttpResponse {
    let ticket = query.get("ticket").map(String::as_str).unwrap_or_default();
    let now = shared.now();
    let url = shared.read(|state| {
        state.qr_codes.by_ticket(ticket).filter(|code| code.is_open(now)).map(|code| code.url.clone())
    });
    drawn(url.as_deref())
}

fn drawn(url: Option<&str>) -> HttpResponse {
    match url.and_then(png_of) {
        Some(png) => HttpResponse::Ok().content_type("image/png").body(png),
        None => HttpResponse::NotFound().finish(),
    }
}

/// Returns the rows of a QR code without its frame, each a list of what is dark; `None` for a text too long for any code.
pub(super) fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = qrcode::QrCode::new(text).ok()?;
    let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
    Some(dark.chunks(code.width()).map(<[bool]>::to_vec).collect())
}

/// Returns a PNG of a QR code; `None` for a text too long for any code.
fn png_of(text: &str) -> Option<Vec<u8>> {
    let code = qrcode::QrCode::new(text).ok()?;
    // Lines of blocks and blanks, with the white around; a code of our URLs comes to about 400 pixels.
    let drawn = code.render::<char>().module_dimensions(10, 10).build();
    let pixels = drawn.chars().filter(|c| *c != '\n').map(|c| if c == ' ' { 0xff } else { 0 });
    let side = u32::try_from(drawn.lines().count()).ok()?;
    let mut png = Vec::new();
    let mut header = png::Encoder::new(&mut png, side, side);
    header.set_color(png::ColorType::Grayscale);
    header.write_header().ok()?.write_image_data(&pixels.collect::<Vec<_>>()).ok()?;
    Some(png)
}
