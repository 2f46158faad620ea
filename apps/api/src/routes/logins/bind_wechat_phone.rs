//! `POST /v1/logins/{id}/wechat-phone`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::services::WechatPhone;

use super::{answer, begin::is_code};
use crate::{
    http::{
        body::Json,
        client::Caller,
        credentials::LoginCredential,
        problem::{Code, Problem, ProblemBody},
    },
    state::State,
    wire::{BindWechatPhone, LoginAnswer},
};

/// Binds the phone number that WeChat vouches for, and logs in; of mini programs.
#[utoipa::path(post, path = "/v1/logins/{id}/wechat-phone", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = BindWechatPhone,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 200, description = "The registered login with its session", body = LoginAnswer),
    (status = "default", description = "`wechat_data_invalid`, `phone_taken`, `login_state`, `login_unknown`, \
     `wechat_unavailable`, `wechat_refused`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn bind_wechat_phone(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
    caller: Caller,
    Json(body): Json<BindWechatPhone>,
) -> Result<HttpResponse, Problem> {
    let proof = proof(body)?;
    let credential = LoginCredential::changing(&state, &request, &id)?;
    let login = state.services.wechat_phone_binding.bind(&credential.login, proof).await?;
    state.metrics.login("bound");
    answer(&state, caller, &credential, &login).await
}

fn proof(body: BindWechatPhone) -> Result<WechatPhone, Problem> {
    match (body.code, body.encrypted_data, body.iv) {
        (Some(code), None, None) if is_code(&code) => Ok(WechatPhone::Code(code)),
        (Some(_), None, None) => {
            Err(Problem::new(Code::WechatDataInvalid, "this is no code of getPhoneNumber"))
        }
        (None, Some(data), Some(iv)) => Ok(WechatPhone::Encrypted { data, iv }),
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            Err(Problem::new(Code::BodyInvalid, "expected `code`, or `encrypted_data` with `iv`"))
        }
    }
}
