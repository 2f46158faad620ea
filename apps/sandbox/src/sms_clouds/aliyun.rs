//! `POST /sandbox/sms/aliyun`: `SendSms` of Dysmsapi and `SendSmsVerifyCode` of Dypnsapi.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{
    SMS_KEY_ID, SMS_KEY_SECRET, SMS_SIGN_NAME, SMS_TEMPLATE_CODE, code_in, deliver, header, hex, mac, part,
    refusal, sha256, utc::seconds_of,
};
use crate::clock::machine_time;
use crate::shared_state::SharedState;
use crate::simulation::Simulation;
use crate::state::Api;
use crate::wechat_api::answer_or_fail;

/// The age limit of a call.
const FRESH_S: u64 = 900;

/// Both products that send messages have this version.
const VERSION: &str = "2017-05-25";

pub(super) type Refused = (StatusCode, String);

pub(super) async fn handle(
    simulation: web::Data<Simulation>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let right =
        || match take(&simulation.shared, &request, &body) {
            Ok(()) => HttpResponse::Ok()
                .json(json!({"Message": "OK", "RequestId": "R", "BizId": "B^0", "Code": "OK"})),
            Err((status, code)) => HttpResponse::build(status)
                .json(json!({"Message": "refused", "RequestId": "R", "Code": code})),
        };
    answer_or_fail(&simulation.shared, Api::SmsAliyun, right).await
}

fn take(shared: &SharedState, request: &HttpRequest, body: &[u8]) -> Result<(), Refused> {
    check_signature(request, body, VERSION)?;
    let business = |code: &str| (StatusCode::OK, code.to_owned());
    let query: Vec<(String, String)> = web::Query::from_query(request.query_string())
        .map(web::Query::into_inner)
        .map_err(|_| business("isv.INVALID_PARAMETERS"))?;
    let value = |name: &str| {
        query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    if let Some(code) = refusal(shared) {
        return Err(business(&code));
    }
    let phone = match header(request, "x-acs-action") {
        "SendSms" => value("PhoneNumbers"),
        "SendSmsVerifyCode" => value("PhoneNumber"),
        _ => return Err((StatusCode::NOT_FOUND, "InvalidAction.NotFound".to_owned())),
    };
    if value("SignName") != SMS_SIGN_NAME {
        return Err(business("isv.SMS_SIGNATURE_ILLEGAL"));
    }
    if value("TemplateCode") != SMS_TEMPLATE_CODE {
        return Err(business("isv.SMS_TEMPLATE_ILLEGAL"));
    }
    let param: Value =
        serde_json::from_str(value("TemplateParam")).map_err(|_| business("isv.INVALID_JSON_PARAM"))?;
    let code = code_in(&param).ok_or_else(|| business("isv.TEMPLATE_MISSING_PARAMETERS"))?;
    let phone = e164(phone).ok_or_else(|| business("isv.MOBILE_NUMBER_ILLEGAL"))?;
    deliver(shared, phone, code);
    Ok(())
}

/// Reads a number: one of mainland China stands alone, others behind their calling code without `+`.
fn e164(phone: &str) -> Option<String> {
    let is_digits = !phone.is_empty() && phone.bytes().all(|byte| byte.is_ascii_digit());
    match (is_digits, phone.len() == 11 && phone.starts_with('1')) {
        (true, true) => Some(format!("+86{phone}")),
        (true, false) => Some(format!("+{phone}")),
        (false, _) => None,
    }
}

/// Checks who calls, and that the call is fresh and for a product of this version.
pub(super) fn check_signature(request: &HttpRequest, body: &[u8], version: &str) -> Result<(), Refused> {
    let platform = |status: u16, code: &str| {
        Err((StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), code.to_owned()))
    };
    let authorization = header(request, "authorization");
    if part(authorization, "Credential") != SMS_KEY_ID {
        return platform(404, "InvalidAccessKeyId.NotFound");
    }
    let sent_at = seconds_of(header(request, "x-acs-date"));
    if sent_at.is_none_or(|at| at.abs_diff(machine_time()) > FRESH_S) {
        return platform(400, "InvalidTimeStamp.Expired");
    }
    let names = part(authorization, "SignedHeaders");
    let covers = ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"];
    let is_complete = covers.iter().all(|name| names.split(';').any(|signed| signed == *name));
    let lines: String =
        names.split(';').map(|name| format!("{name}:{}\n", header(request, name).trim())).collect();
    let mut query: Vec<&str> = request.query_string().split('&').collect();
    query.sort_unstable();
    let hash = sha256(body);
    let canonical =
        format!("{}\n{}\n{}\n{lines}\n{names}\n{hash}", request.method(), request.path(), query.join("&"));
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256(canonical.as_bytes()));
    let signature = hex(&mac(SMS_KEY_SECRET.as_bytes(), to_sign.as_bytes()));
    let is_right = signature == part(authorization, "Signature")
        && header(request, "x-acs-content-sha256") == hash
        && header(request, "x-acs-version") == version
        && is_complete;
    if is_right { Ok(()) } else { platform(400, "SignatureDoesNotMatch") }
}
