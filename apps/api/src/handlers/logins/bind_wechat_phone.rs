//! `POST /v1/logins/{id}/wechat-phone`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::{Agreement, ConsentService, WechatPhone, WechatPhoneBinding};

use super::respond;
use crate::{
    auth::LoginCall,
    clients::ClientSessions,
    dto::{BindWechatPhone, LoginAnswer},
    extract::{Caller, Json, is_wechat_code},
    login_watch::{LoginWatch, Step},
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Binds the phone number that WeChat vouches for, and logs in; for mini programs.
#[utoipa::path(post, path = "/v1/logins/{id}/wechat-phone", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = BindWechatPhone,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 200, description = "The registered login with its session", body = LoginAnswer),
    (status = "default", description = "`wechat_data_invalid`, `phone_taken`, `consent_required`, `login_state`, `login_unknown`, \
     `wechat_unavailable`, `wechat_refused`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn bind_wechat_phone(
    call: LoginCall,
    caller: Caller,
    binding: Data<WechatPhoneBinding>,
    consents: Data<ConsentService>,
    sessions: Data<ClientSessions>,
    watch: Data<LoginWatch>,
    Json(body): Json<BindWechatPhone>,
) -> Result<HttpResponse, Problem> {
    let credential = call.changing()?;
    let agreement = Agreement { version: body.consent.as_deref(), ip: &caller.client_info.ip };
    consents.require(&credential.login, agreement).await?;
    let phone = wechat_phone(body)?;
    let watched = watch.find(credential.login.id()).await;
    let bound = binding.bind(&credential.login, phone).await;
    let login = watch.noted(call.request(), &watched, Step::Bound, bound)?;
    watch.stands(call.request(), &watched, &login);
    respond(&sessions, &credential, &login, || caller.client_info).await
}

/// Reads what WeChat gave a mini program for the phone number.
pub(crate) fn wechat_phone(body: BindWechatPhone) -> Result<WechatPhone, Problem> {
    match (body.code, body.encrypted_data, body.iv) {
        (Some(code), None, None) if is_wechat_code(&code) => Ok(WechatPhone::Code(code)),
        (Some(_), None, None) => {
            Err(Problem::new(ErrorCode::WechatDataInvalid, "this is no code of getPhoneNumber"))
        }
        (None, Some(data), Some(iv)) => Ok(WechatPhone::Encrypted { data, iv }),
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            Err(Problem::new(ErrorCode::BodyInvalid, "expected `code`, or `encrypted_data` with `iv`"))
        }
    }
}
