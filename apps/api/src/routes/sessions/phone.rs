//! `POST /v1/session/sms-codes`, `PUT /v1/session/phone`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use saoma_domain::services::CodeRequest;

use crate::{
    http::{
        body::Json,
        client::Caller,
        credentials,
        problem::{Problem, ProblemBody},
    },
    routes::logins::send_code,
    state::State,
    wire::{AccountAnswer, BindPhone, CodeSent, SendCode},
};

/// Sends an SMS code to the number that the caller's account is to have; asks for a login of the last ten
/// minutes.
#[utoipa::path(post, path = "/v1/session/sms-codes", operation_id = "send_new_phone_code", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), request_body = SendCode, responses(
    (status = 202, description = "The code is on its way, whether the number has an account or not", body = CodeSent),
    (status = "default", description = "`session_invalid`, `login_too_old`, `phone_invalid`, `rate_limited`, \
     `sms_unavailable`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn send_code(
    state: Data<State>,
    request: HttpRequest,
    caller: Caller,
    Json(body): Json<SendCode>,
) -> Result<HttpResponse, Problem> {
    let checked = credentials::session_changing(&state, &request).await?;
    let wish = CodeRequest { phone: &body.phone, client: &caller.counted_as };
    send_code::answer(&state, state.services.accounts.send_new_phone_code(&checked, wish).await)
}

/// Gives the caller's account another phone number; asks for a login of the last ten minutes.
#[utoipa::path(put, path = "/v1/session/phone", operation_id = "change_phone", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), request_body = BindPhone, responses(
    (status = 200, description = "The account with its new number", body = AccountAnswer),
    (status = "default", description = "`session_invalid`, `login_too_old`, `phone_invalid`, `sms_code_wrong`, \
     `sms_code_expired`, `phone_taken`, `rate_limited`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn change(
    state: Data<State>,
    request: HttpRequest,
    Json(body): Json<BindPhone>,
) -> Result<HttpResponse, Problem> {
    let checked = credentials::session_changing(&state, &request).await?;
    let account = state.services.accounts.change_phone(&checked, &body.phone, &body.code).await?;
    Ok(HttpResponse::Ok().json(AccountAnswer::new(&account)))
}
