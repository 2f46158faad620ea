//! `POST /v1/logins/{id}/phone`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::answer;
use crate::{
    http::{
        body::Json,
        client::Caller,
        credentials::LoginCredential,
        problem::{Problem, ProblemBody},
    },
    state::State,
    wire::{BindPhone, LoginAnswer},
};

/// Binds a phone number with the code that was sent to it, and logs in.
#[utoipa::path(post, path = "/v1/logins/{id}/phone", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = BindPhone,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 200, description = "The registered login with its session", body = LoginAnswer),
    (status = "default", description = "`phone_invalid`, `sms_code_wrong`, `sms_code_expired`, `phone_taken`, \
     `login_state`, `rate_limited`, `login_unknown`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn bind_phone(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
    caller: Caller,
    Json(body): Json<BindPhone>,
) -> Result<HttpResponse, Problem> {
    let credential = LoginCredential::changing(&state, &request, &id)?;
    let login = state.services.phone_binding.bind(&credential.login, &body.phone, &body.code).await?;
    state.metrics.login("bound");
    answer(&state, caller, &credential, &login).await
}
