//! `POST /sandbox/sms/webhook`: takes the codes that the service sends by SMS.

use actix_web::{HttpRequest, HttpResponse, web};
use ring::hmac;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::clock::machine_time;
use crate::shared_state::SharedState;
use crate::simulation::Simulation;
use crate::state::{Api, Sms};
use crate::wechat_api::answer_or_fail;

const SIGNATURE: &str = "X-Saoma-Signature";
/// The age limit of a signature, by the machine's clock: SMS do not go by WeChat's time.
const FRESH_S: u64 = 300;

#[derive(Deserialize)]
struct SmsMessage {
    phone: String,
    code: String,
    purpose: String,
    expires_in: u64,
}

/// 204 for a message that is now in the inbox, 401 for a wrong signature, 422 for a wrong body.
pub(crate) async fn handle(
    simulation: web::Data<Simulation>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let header = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
    answer_or_fail(&simulation.shared, Api::SmsWebhook, || take(&simulation.shared, header, &body)).await
}

fn take(shared: &SharedState, header: Option<&str>, body: &[u8]) -> HttpResponse {
    if let Some(secret) = &shared.config.sms_secret {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        if !header.is_some_and(|header| is_signed(&key, header, body, machine_time())) {
            return HttpResponse::Unauthorized().finish();
        }
    }
    let Ok(message) = serde_json::from_slice::<SmsMessage>(body) else {
        return HttpResponse::UnprocessableEntity().finish();
    };
    let (at, SmsMessage { phone, code, purpose, expires_in }) = (shared.now(), message);
    shared.write(|state| state.sms.push_numbered(|id| Sms { id, phone, code, purpose, expires_in, at }));
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
