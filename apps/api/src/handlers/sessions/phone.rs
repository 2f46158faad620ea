//! `POST /v1/session/sms-codes`, `PUT /v1/session/phone`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::{AccountService, CodeRequest};

use crate::{
    auth::SessionCall,
    dto::{AccountAnswer, BindWechatPhone, ChangePhone, CodeSent, SendNewPhoneCode},
    extract::{Caller, Json},
    handlers::logins::bind_wechat_phone::wechat_phone,
    node::Metrics,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Sends an SMS code to the number that the client's account is to have. It needs a login of the last ten minutes.
#[utoipa::path(post, path = "/v1/session/sms-codes", operation_id = "send_new_phone_code", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), request_body = SendNewPhoneCode, responses(
    (status = 202, description = "The code is on its way, whether the number has an account or not", body = CodeSent),
    (status = "default", description = "`session_invalid`, `login_too_old`, `scan_required`, `phone_invalid`, `rate_limited`, \
     `sms_unavailable`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn send_code(
    call: SessionCall,
    caller: Caller,
    accounts: Data<AccountService>,
    metrics: Data<Metrics>,
    Json(body): Json<SendNewPhoneCode>,
) -> Result<HttpResponse, Problem> {
    let session = call.changing().await?;
    let request = CodeRequest { phone: &body.phone, client: caller.subject };
    let sent = accounts.send_new_phone_code(&session, request).await;
    metrics.sms_code(&sent);
    Ok(HttpResponse::Accepted().json(CodeSent::new(&sent?)))
}

/// Changes the phone number of the client's account. It needs a login of the last ten minutes.
#[utoipa::path(put, path = "/v1/session/phone", operation_id = "change_phone", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), request_body = ChangePhone, responses(
    (status = 200, description = "The account with its new number", body = AccountAnswer),
    (status = "default", description = "`session_invalid`, `login_too_old`, `scan_required`, `phone_invalid`, `sms_code_wrong`, \
     `sms_code_expired`, `phone_taken`, `wechat_data_invalid`, `not_found` without a user of a mini program, `rate_limited`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn change(
    call: SessionCall,
    accounts: Data<AccountService>,
    Json(body): Json<ChangePhone>,
) -> Result<HttpResponse, Problem> {
    let session = call.changing().await?;
    let changed = match body {
        ChangePhone {
            phone: Some(phone),
            code: Some(code),
            wechat_code: None,
            encrypted_data: None,
            iv: None,
        } => accounts.change_phone(&session, &phone, &code).await,
        ChangePhone { phone: None, code: None, wechat_code, encrypted_data, iv } => {
            let body = BindWechatPhone { code: wechat_code, encrypted_data, iv, consent: None };
            accounts.change_phone_by_wechat(&session, &wechat_phone(body)?).await
        }
        ChangePhone { .. } => {
            return Err(Problem::new(
                ErrorCode::BodyInvalid,
                "expected `phone` with `code`, `wechat_code`, or `encrypted_data` with `iv`",
            ));
        }
    };
    let account = changed.map_err(|error| Problem::from(error).with_merge_offered())?;
    Ok(HttpResponse::Ok().json(AccountAnswer::new(&account)))
}
