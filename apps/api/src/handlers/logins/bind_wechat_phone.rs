//! `POST /v1/logins/{id}/wechat-phone`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::{WechatPhone, WechatPhoneBinding};

use super::respond;
use crate::{
    auth::LoginCall,
    clients::ClientSessions,
    dto::{BindWechatPhone, LoginAnswer},
    extract::{Caller, Json, is_wechat_code},
    node::Metrics,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Binds the phone number that WeChat vouches for, and logs in; for mini programs.
#[utoipa::path(post, path = "/v1/logins/{id}/wechat-phone", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = BindWechatPhone,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 200, description = "The registered login with its session", body = LoginAnswer),
    (status = "default", description = "`wechat_data_invalid`, `phone_taken`, `login_state`, `login_unknown`, \
     `wechat_unavailable`, `wechat_refused`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn bind_wechat_phone(
    call: LoginCall,
    caller: Caller,
    binding: Data<WechatPhoneBinding>,
    sessions: Data<ClientSessions>,
    metrics: Data<Metrics>,
    Json(body): Json<BindWechatPhone>,
) -> Result<HttpResponse, Problem> {
    let phone = wechat_phone(body)?;
    let credential = call.changing()?;
    let login = binding.bind(&credential.login, phone).await?;
    metrics.login_step("phone_bound");
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
