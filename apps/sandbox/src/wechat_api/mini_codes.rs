//! The round codes of mini programs: made for a service, and drawn for it and for the phone page.

use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::answer::refusal;
use super::call::{Call, Query};
use super::errcode::Errcode;
use super::qr_codes::modules;
use crate::simulation::Simulation;
use crate::state::MiniCode;

/// The most characters of a scene.
const MAX_SCENE: usize = 32;
/// What a scene may have besides letters and digits.
const IN_SCENE: &[u8] = b"!#$&'()*+,/:;=?@-._~";
const WIDTHS: std::ops::RangeInclusive<u64> = 280..=1280;
const DEFAULT_WIDTH: u64 = 430;
const VERSIONS: [&str; 3] = ["release", "trial", "develop"];

/// What a call asks for.
struct Wanted {
    code: MiniCode,
    side: usize,
    is_hyaline: bool,
}

/// `POST /wxa/getwxacodeunlimit`: the picture itself, or a refusal in JSON.
pub(super) fn create(call: &Call<'_>) -> HttpResponse {
    let wanted = match wanted(call) {
        Ok(wanted) => wanted,
        Err(errcode) => return refusal(call.shared, errcode),
    };
    let Wanted { code, side, is_hyaline } = wanted;
    let Some(picture) = round_picture(&code.url, side, is_hyaline) else {
        return refusal(call.shared, Errcode(-1));
    };
    call.shared.write(|state| state.mini_codes.push(code));
    HttpResponse::Ok().content_type("image/png").body(picture)
}

fn wanted(call: &Call<'_>) -> Result<Wanted, Errcode> {
    let app = call.mini_program()?;
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let flag = |name: &str, default: bool| body.get(name).and_then(Value::as_bool).unwrap_or(default);
    let scene = text("scene").filter(|scene| fits_scene(scene)).ok_or(Errcode::SCENE_INVALID)?;
    let page = text("page").unwrap_or("pages/index/index");
    let version = text("env_version").unwrap_or("release");
    let width = body.get("width").map_or(Some(DEFAULT_WIDTH), Value::as_u64);
    let width = width.filter(|width| WIDTHS.contains(width)).ok_or(Errcode::ARGUMENTS_INVALID)?;
    if !VERSIONS.contains(&version) {
        return Err(Errcode::ARGUMENTS_INVALID);
    }
    let is_there = call.shared.mini_program_config(app.name).is_some_and(|program| program.has_page(page));
    if page.starts_with('/') || page.contains('?') || flag("check_path", true) && !is_there {
        return Err(Errcode::PAGE_INVALID);
    }
    let code = MiniCode {
        url: call.shared.random.mini_code_url(),
        app: app.name.to_owned(),
        page: page.to_owned(),
        scene: scene.to_owned(),
        created_at: call.shared.now(),
        scanned_by: Vec::new(),
    };
    let side = usize::try_from(width).map_err(|_| Errcode::ARGUMENTS_INVALID)?;
    Ok(Wanted { code, side, is_hyaline: flag("is_hyaline", false) })
}

fn fits_scene(scene: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || IN_SCENE.contains(&byte);
    (1..=MAX_SCENE).contains(&scene.len()) && scene.bytes().all(fits)
}

/// `GET /sandbox/mini-codes?url=`: the picture that a phone sees.
pub(super) async fn picture(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    let url = query.get("url").map(String::as_str).unwrap_or_default();
    let is_known = simulation.shared.read(|state| state.mini_codes.by_url(url).is_some());
    match is_known.then(|| round_picture(url, 280, false)).flatten() {
        Some(png) => HttpResponse::Ok().content_type("image/png").body(png),
        None => HttpResponse::NotFound().finish(),
    }
}

/// Draws a code inside a ring. WeChat's own code is a pattern of rays that no one else reads; here it is a QR code with the URL in
/// it, so that what is shown can be scanned. Returns a PNG with transparent or white ground; WeChat draws a JPEG for the latter.
fn round_picture(url: &str, side: usize, is_hyaline: bool) -> Option<Vec<u8>> {
    let modules = modules(url)?;
    // The square stands inside the ring: its half diagonal is the inner radius.
    let scale = (side * 62 / 100 / modules.len()).max(1);
    let (center, margin) = (side / 2, (side - scale * modules.len()) / 2);
    let (outer, inner) = (center.pow(2), (center * 47 / 50).pow(2));
    let is_dark = |x: usize, y: usize| {
        let (from_x, from_y) = (x.abs_diff(center), y.abs_diff(center));
        let distance = from_x.pow(2) + from_y.pow(2);
        let inside = |at: usize| at.checked_sub(margin).map(|at| at / scale);
        let module = inside(x).zip(inside(y));
        let dark = module.and_then(|(x, y)| modules.get(y)?.get(x).copied()).unwrap_or(false);
        // Rays stand around, as on WeChat's.
        let is_ray = (from_x / 9 + from_y / 7).is_multiple_of(2);
        dark || (inner..outer).contains(&distance) && is_ray
    };
    let ground = if is_hyaline { 0 } else { 255 };
    let pixels = (0..side * side)
        .flat_map(|at| if is_dark(at % side, at / side) { [0, 0, 0, 255] } else { [255, 255, 255, ground] });
    let mut png = Vec::new();
    let width = u32::try_from(side).ok()?;
    let mut encoder = png::Encoder::new(&mut png, width, width);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().ok()?.write_image_data(&pixels.collect::<Vec<u8>>()).ok()?;
    Some(png)
}
