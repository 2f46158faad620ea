//! `POST /v1/logins/{id}/sms-codes`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::{Agreement, CodeRequest, ConsentService, PhoneBinding};

use crate::{
    auth::LoginCall,
    clients::MachineGuard,
    dto::{CodeSent, SendCode},
    extract::{Caller, Json},
    login_watch::{LoginWatch, Step},
    node::Metrics,
    problem::{Problem, ProblemBody},
};

/// Sends an SMS code to the phone number that is to be bound.
#[utoipa::path(post, path = "/v1/logins/{id}/sms-codes", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = SendCode,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 202, description = "The code is on its way, whether the number has an account or not", body = CodeSent),
    (status = "default", description = "`phone_invalid`, `login_state`, `rate_limited`, `sms_unavailable`, \
     `consent_required`, `check_failed`, `login_unknown`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
#[expect(clippy::too_many_arguments, reason = "each is a part that the handler uses")]
pub(crate) async fn send_code(
    call: LoginCall,
    caller: Caller,
    binding: Data<PhoneBinding>,
    consents: Data<ConsentService>,
    machines: Data<MachineGuard>,
    metrics: Data<Metrics>,
    watch: Data<LoginWatch>,
    Json(body): Json<SendCode>,
) -> Result<HttpResponse, Problem> {
    let credential = call.changing()?;
    let agreement = Agreement { version: body.consent.as_deref(), ip: &caller.client_info.ip };
    consents.require(&credential.login, agreement).await?;
    machines.require_for_code(caller.subject, &body.phone, body.check.as_ref()).await?;
    let request = CodeRequest { phone: &body.phone, client: caller.subject };
    let sent = binding.send_code(&credential.login, request).await;
    metrics.sms_code(&sent);
    let watched = watch.find(credential.login.id()).await;
    let sent = watch.noted(call.request(), &watched, Step::CodeSent, sent)?;
    Ok(HttpResponse::Accepted().json(CodeSent::new(&sent)))
}
