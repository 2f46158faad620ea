//! `POST /sandbox/sms/tencent`: `SendSms`, version 2021-01-11.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{
    SMS_APP_ID, SMS_KEY_ID, SMS_KEY_SECRET, SMS_SIGN_NAME, SMS_TEMPLATE_CODE, code_in, deliver, header, hex,
    mac, part, refusal, sha256, utc::date_of,
};
use crate::clock::machine_time;
use crate::shared_state::SharedState;
use crate::simulation::Simulation;
use crate::state::Api;
use crate::wechat_api::answer_or_fail;

/// The age limit of a call.
const FRESH_S: u64 = 300;

/// Why a message is refused: of the whole call, or of one number.
enum Refused {
    Call(&'static str),
    Number(String),
}

pub(super) async fn handle(
    simulation: web::Data<Simulation>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let status = |code: &str| {
        let status = json!({"SerialNo": "S", "PhoneNumber": "", "Fee": 1, "Code": code, "Message": "said"});
        json!({"Response": {"SendStatusSet": [status], "RequestId": "R"}})
    };
    let right = || {
        HttpResponse::Ok().json(match take(&simulation.shared, &request, &body) {
            Ok(()) => status("Ok"),
            Err(Refused::Number(code)) => status(&code),
            Err(Refused::Call(code)) => {
                json!({"Response": {"Error": {"Code": code, "Message": "refused"}, "RequestId": "R"}})
            }
        })
    };
    answer_or_fail(&simulation.shared, Api::SmsTencent, right).await
}

fn take(shared: &SharedState, request: &HttpRequest, body: &[u8]) -> Result<(), Refused> {
    check_signature(request, body)?;
    if header(request, "x-tc-action") != "SendSms" || header(request, "x-tc-version") != "2021-01-11" {
        return Err(Refused::Call("InvalidAction"));
    }
    if header(request, "x-tc-region").is_empty() {
        return Err(Refused::Call("MissingParameter"));
    }
    let message: Value = serde_json::from_slice(body).map_err(|_| Refused::Call("InvalidParameter"))?;
    let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let number = |code: &str| Refused::Number(code.to_owned());
    if let Some(code) = refusal(shared) {
        return Err(Refused::Number(code));
    }
    if text("/SmsSdkAppId") != SMS_APP_ID {
        return Err(Refused::Call("UnauthorizedOperation.SmsSdkAppIdVerifyFail"));
    }
    if text("/SignName") != SMS_SIGN_NAME {
        return Err(number("FailedOperation.SignatureIncorrectOrUnapproved"));
    }
    if text("/TemplateId") != SMS_TEMPLATE_CODE {
        return Err(number("FailedOperation.TemplateIncorrectOrUnapproved"));
    }
    let code = message.get("TemplateParamSet").and_then(code_in);
    let code = code.ok_or_else(|| number("FailedOperation.TemplateParamSetNotMatchApprovedTemplate"))?;
    let phone = text("/PhoneNumberSet/0");
    if !phone.starts_with('+') {
        return Err(number("InvalidParameterValue.IncorrectPhoneNumber"));
    }
    deliver(shared, phone.to_owned(), code);
    Ok(())
}

fn check_signature(request: &HttpRequest, body: &[u8]) -> Result<(), Refused> {
    let authorization = header(request, "authorization");
    let timestamp: i64 = header(request, "x-tc-timestamp").parse().unwrap_or_default();
    if timestamp.abs_diff(machine_time()) > FRESH_S {
        return Err(Refused::Call("AuthFailure.SignatureExpire"));
    }
    let date = date_of(timestamp);
    let credential = part(authorization, "Credential");
    if credential.split('/').next() != Some(SMS_KEY_ID) {
        return Err(Refused::Call("AuthFailure.SecretIdNotFound"));
    }
    let names = part(authorization, "SignedHeaders");
    let lines: String =
        names.split(';').map(|name| format!("{name}:{}\n", header(request, name).trim())).collect();
    let canonical = format!("POST\n{}\n\n{lines}\n{names}\n{}", request.path(), sha256(body));
    let scope = format!("{date}/sms/tc3_request");
    let to_sign = format!("TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{}", sha256(canonical.as_bytes()));
    let key = mac(format!("TC3{SMS_KEY_SECRET}").as_bytes(), date.as_bytes());
    let key = mac(&mac(&key, b"sms"), b"tc3_request");
    let is_right = hex(&mac(&key, to_sign.as_bytes())) == part(authorization, "Signature")
        && credential == format!("{SMS_KEY_ID}/{scope}")
        && names.split(';').any(|name| name == "host")
        && names.split(';').any(|name| name == "content-type");
    if is_right { Ok(()) } else { Err(Refused::Call("AuthFailure.SignatureFailure")) }
}
