//! `POST /sandbox/sms/webhook`: takes the codes that the service would send by SMS.

use actix_web::{HttpRequest, HttpResponse, web};
use ring::hmac;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::clock::machine_time;
use crate::simulation::Simulation;
use crate::wechat_api::gate;
use crate::world::{Api, Sms, World};

const SIGNATURE: &str = "X-Saoma-Signature";
/// How old a signature may be, by the machine's clock: WeChat's time has nothing to do with SMS.
const FRESH_S: u64 = 300;

#[derive(Deserialize)]
struct Message {
    phone: String,
    code: String,
    purpose: String,
    expires_in: u64,
}

/// 204 for a message that is now in the inbox, 401 for a wrong signature, 422 for anything else.
pub(crate) async fn handle(
    simulation: web::Data<Simulation>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let header = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
    gate(&simulation, Api::SmsWebhook, || take(&simulation.world, header, &body)).await
}

fn take(world: &World, header: Option<&str>, body: &[u8]) -> HttpResponse {
    let now = world.now();
    if let Some(secret) = &world.config.sms_secret {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        if !header.is_some_and(|header| is_signed(&key, header, body, machine_time())) {
            return HttpResponse::Unauthorized().finish();
        }
    }
    let Ok(message) = serde_json::from_slice::<Message>(body) else {
        return HttpResponse::UnprocessableEntity().finish();
    };
    let Message { phone, code, purpose, expires_in } = message;
    world.write(|state| state.sms.add(|id| Sms { id, phone, code, purpose, expires_in, at: now }));
    HttpResponse::NoContent().finish()
}

/// Checks `t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`.
fn is_signed(key: &hmac::Key, header: &str, body: &[u8], now: i64) -> bool {
    let part = |name| header.split(',').find_map(|part| part.trim().strip_prefix(name));
    let (Some(time), Some(tag)) = (part("t="), part("v1=").and_then(from_hex)) else {
        return false;
    };
    let fresh = time.parse::<i64>().is_ok_and(|time| time.abs_diff(now) <= FRESH_S);
    let signed = [time.as_bytes(), b".", body].concat();
    fresh && hmac::verify(key, &signed, &tag).is_ok()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    let digits = digits.collect::<Option<Vec<u8>>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
