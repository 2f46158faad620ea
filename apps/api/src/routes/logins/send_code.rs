//! `POST /v1/logins/{id}/sms-codes`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::services::{CodeRequest, SentCode, ServiceError};

use crate::{
    http::{
        body::Json,
        client::Caller,
        credentials::LoginCredential,
        problem::{Problem, ProblemBody},
    },
    state::State,
    wire::{CodeSent, SendCode},
};

/// Sends an SMS code to the phone number that is to be bound.
#[utoipa::path(post, path = "/v1/logins/{id}/sms-codes", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = SendCode,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 202, description = "The code is on its way, whether the number has an account or not", body = CodeSent),
    (status = "default", description = "`phone_invalid`, `login_state`, `rate_limited`, `sms_unavailable`, \
     `login_unknown`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn send_code(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
    caller: Caller,
    Json(body): Json<SendCode>,
) -> Result<HttpResponse, Problem> {
    let credential = LoginCredential::changing(&state, &request, &id)?;
    let wish = CodeRequest { phone: &body.phone, client: &caller.counted_as };
    answer(&state, state.services.phone_binding.send_code(&credential.login, wish).await)
}

/// Counts what came of asking for a code, and answers with it.
pub(crate) fn answer(state: &State, sent: Result<SentCode, ServiceError>) -> Result<HttpResponse, Problem> {
    state.metrics.sms(outcome(&sent));
    let sent = sent?;
    let body = CodeSent { resend_in: sent.resend_in.as_secs(), expires_in: sent.expires_in.as_secs() };
    Ok(HttpResponse::Accepted().json(body))
}

fn outcome<T>(sent: &Result<T, ServiceError>) -> &'static str {
    match sent {
        Ok(_) => "sent",
        Err(ServiceError::RateLimited { .. }) => "limited",
        Err(ServiceError::Sms { .. }) => "failed",
        Err(_) => "refused",
    }
}
