//! The SMS services of two clouds: they check signature, parameters and freshness by their own code, and put codes into the
//! inbox. One of them has a captcha, too.

mod aliyun;
mod captcha;
mod tencent;
mod utc;

use actix_web::{HttpRequest, web};
use ring::{digest, hmac};
use serde_json::Value;

use crate::shared_state::SharedState;
use crate::state::Sms;

/// The key, signature, template and application that both clouds know.
pub const SMS_KEY_ID: &str = "sandboxKeyId";
/// The secret of the key.
pub const SMS_KEY_SECRET: &str = "sandboxKeySecret";
/// The signature that is approved.
pub const SMS_SIGN_NAME: &str = "扫码";
/// The template that is approved.
pub const SMS_TEMPLATE_CODE: &str = "100001";
/// The application (`SmsSdkAppId`) of Tencent Cloud.
pub const SMS_APP_ID: &str = "1400000001";

/// The scene (场景 ID) of the captcha.
pub const CAPTCHA_SCENE: &str = "sandboxscene";
/// The prefix (身份标) of the captcha.
pub const CAPTCHA_PREFIX: &str = "sandbox";

/// Registers both clouds below `/sandbox/sms/`, and the captcha.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/sandbox/sms/aliyun", web::post().to(aliyun::handle))
        .route("/sandbox/sms/tencent", web::post().to(tencent::handle))
        .route("/sandbox/captcha", web::post().to(captcha::handle))
        .route("/sandbox/captcha/AliyunCaptcha.js", web::get().to(captcha::script));
}

/// Puts a code into the inbox of a number in E.164.
fn deliver(shared: &SharedState, phone: String, code: &str) {
    let (at, code) = (shared.now(), code.to_owned());
    let purpose = "login".to_owned();
    shared.write(|state| {
        state.sms.push_numbered(|id| Sms { id, phone, code, purpose, expires_in: 180, at });
    });
}

/// Returns the code that the next message is refused with, where a test asked for that.
fn refusal(shared: &SharedState) -> Option<String> {
    shared.read(|state| state.faults.sms_code.clone())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Returns a part such as `Signature` of the header `Authorization`.
fn part<'a>(authorization: &'a str, name: &str) -> &'a str {
    let mark = format!("{name}=");
    let rest = authorization.split_once(&mark).map_or("", |(_, rest)| rest);
    rest.split([',', ' ']).next().unwrap_or_default()
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the first value of a template's variables that looks like a code.
fn code_in(param: &Value) -> Option<&str> {
    let is_code = |text: &&str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    match param {
        Value::Object(fields) => fields.values().filter_map(Value::as_str).find(is_code),
        Value::Array(items) => items.iter().filter_map(Value::as_str).find(is_code),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
