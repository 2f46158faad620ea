//! The form of WeChat's answers, and the failures that were scripted for them.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use futures_util::stream;
use serde_json::{Value, json};

use crate::simulation::Simulation;
use crate::world::{Api, Fault, World};

const MAX_DELAY_MS: u64 = 60_000;
const MAX_HUGE_BYTES: usize = 64 * 1024 * 1024;

/// A refusal of WeChat's, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Errcode(i64);

impl Errcode {
    pub(super) const GRANT_TYPE_INVALID: Self = Self(40002);
    pub(super) const OPENID_INVALID: Self = Self(40003);
    pub(super) const APPID_INVALID: Self = Self(40013);
    pub(super) const CODE_INVALID: Self = Self(40029);
    pub(super) const TOKEN_INVALID: Self = Self(40001);
    pub(super) const TOKEN_MALFORMED: Self = Self(40014);
    pub(super) const ACTION_NAME_INVALID: Self = Self(40052);
    pub(super) const ACTION_INFO_INVALID: Self = Self(40053);
    pub(super) const SECRET_INVALID: Self = Self(40125);
    pub(super) const CODE_USED: Self = Self(40163);
    pub(super) const HIGH_RISK_USER: Self = Self(40226);
    pub(super) const TOKEN_MISSING: Self = Self(41001);
    pub(super) const APPID_MISSING: Self = Self(41002);
    pub(super) const SECRET_MISSING: Self = Self(41004);
    pub(super) const CODE_MISSING: Self = Self(41008);
    pub(super) const OPENID_MISSING: Self = Self(41009);
    pub(super) const TOKEN_EXPIRED: Self = Self(42001);
    pub(super) const CODE_EXPIRED: Self = Self(42003);
    pub(super) const GET_REQUIRED: Self = Self(43001);
    pub(super) const POST_REQUIRED: Self = Self(43002);
    pub(super) const BODY_EMPTY: Self = Self(44002);
    pub(super) const OVER_QUOTA: Self = Self(45009);
    pub(super) const TOO_OFTEN: Self = Self(45011);
    pub(super) const JSON_INVALID: Self = Self(47001);
    pub(super) const UNAUTHORIZED: Self = Self(48001);

    /// Returns the words that WeChat has for it.
    fn text(self) -> &'static str {
        match self.0 {
            -1 => "system error",
            40001 => "invalid credential, access_token is invalid or not latest",
            40002 => "invalid grant_type",
            40003 => "invalid openid",
            40013 => "invalid appid",
            40014 => "invalid access_token",
            40029 => "invalid code",
            40052 => "invalid action name",
            40053 => "invalid action info, please check document",
            40125 => "invalid appsecret",
            40163 => "code been used",
            40164 => "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
            40226 => "code blocked",
            41001 => "access_token missing",
            41002 => "appid missing",
            41004 => "appsecret missing",
            41008 => "missing code",
            41009 => "missing openid",
            42001 => "access_token expired",
            42003 => "code expired",
            43001 => "require GET method",
            43002 => "require POST method",
            44002 => "empty post data",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit, must slower, retry next minute",
            47001 => "data format error",
            48001 => "api unauthorized",
            _ => "error",
        }
    }
}

/// The right answer, or a refusal.
pub(super) type Outcome = Result<Value, Errcode>;

/// Writes an outcome as WeChat does: always with status 200.
pub(super) fn write(world: &World, outcome: Outcome) -> HttpResponse {
    match outcome {
        Ok(value) => HttpResponse::Ok().json(value),
        Err(errcode) => refusal(world, errcode),
    }
}

/// Writes an outcome as JSON that calls itself plain text, as several of WeChat's endpoints do.
pub(super) fn write_plain(world: &World, outcome: Outcome) -> HttpResponse {
    match outcome {
        Ok(value) => json_text().body(value.to_string()),
        Err(errcode) => refusal(world, errcode),
    }
}

/// Answers in the place of a route for GET.
pub(super) async fn get_required(simulation: web::Data<Simulation>) -> HttpResponse {
    refusal(&simulation.world, Errcode::GET_REQUIRED)
}

/// Answers in the place of a route for POST.
pub(super) async fn post_required(simulation: web::Data<Simulation>) -> HttpResponse {
    refusal(&simulation.world, Errcode::POST_REQUIRED)
}

/// Counts the call, then fails as scripted or gives the right answer.
pub(crate) async fn gate(
    simulation: &Simulation,
    api: Api,
    right: impl FnOnce() -> HttpResponse,
) -> HttpResponse {
    let fault = simulation.world.write(|state| state.faults.call(api));
    match fault {
        None => right(),
        Some(Fault::Delay { delay_ms }) => {
            let answer = right();
            tokio::time::sleep(Duration::from_millis(delay_ms.min(MAX_DELAY_MS))).await;
            answer
        }
        Some(Fault::Errcode { errcode }) => refusal(&simulation.world, Errcode(errcode)),
        Some(Fault::Html) => HttpResponse::Ok()
            .content_type(ContentType::html())
            .body("<!DOCTYPE html><html><head><title>502</title></head><body>Bad Gateway</body></html>"),
        Some(Fault::TruncatedJson) => json_text().body(r#"{"access_token":"87_"#),
        Some(Fault::Huge { bytes }) => {
            let filling = "x".repeat(bytes.min(MAX_HUGE_BYTES));
            json_text().body(json!({ "errcode": 0, "errmsg": filling }).to_string())
        }
        Some(Fault::Close) => closed(),
        Some(Fault::Status { status }) => {
            let wanted = StatusCode::from_u16(status).ok();
            let failing = wanted.filter(|wanted| wanted.is_client_error() || wanted.is_server_error());
            HttpResponse::new(failing.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

fn refusal(world: &World, errcode: Errcode) -> HttpResponse {
    let errmsg = format!("{} rid: {}", errcode.text(), world.random.rid(world.now()));
    json_text().body(json!({ "errcode": errcode.0, "errmsg": errmsg }).to_string())
}

/// Several of WeChat's endpoints call their JSON plain text; refusals do so here.
fn json_text() -> HttpResponseBuilder {
    let mut builder = HttpResponse::Ok();
    builder.content_type(ContentType::plaintext());
    builder
}

/// A body that fails before its first byte makes the server hang up without having sent anything.
fn closed() -> HttpResponse {
    let hang_up = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    HttpResponse::Ok().streaming(stream::once(std::future::ready(Err::<web::Bytes, _>(hang_up))))
}
