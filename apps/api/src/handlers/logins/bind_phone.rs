//! `POST /v1/logins/{id}/phone`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::{Agreement, ConsentService, PhoneBinding};

use super::respond;
use crate::{
    auth::LoginCall,
    clients::ClientSessions,
    dto::{BindOrSkip, LoginAnswer, SkipPhone},
    extract::{Caller, Json},
    login_watch::{LoginWatch, Step},
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Binds a phone number with the code that was sent to it, or skips that where it is optional, and logs in.
#[utoipa::path(post, path = "/v1/logins/{id}/phone", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = BindOrSkip,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 200, description = "The registered login with its session", body = LoginAnswer),
    (status = "default", description = "`phone_invalid`, `sms_code_wrong`, `sms_code_expired`, `phone_taken`, \
     `registration_closed`, `consent_required`, `login_state`, `rate_limited`, `login_unknown`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn bind_phone(
    call: LoginCall,
    caller: Caller,
    binding: Data<PhoneBinding>,
    consents: Data<ConsentService>,
    sessions: Data<ClientSessions>,
    watch: Data<LoginWatch>,
    Json(body): Json<BindOrSkip>,
) -> Result<HttpResponse, Problem> {
    let credential = call.changing()?;
    let agreement = Agreement { version: body.consent(), ip: &caller.client_info.ip };
    consents.require(&credential.login, agreement).await?;
    let watched = watch.find(credential.login.id()).await;
    let bound = match body {
        BindOrSkip::Bind(body) => binding.bind(&credential.login, &body.phone, &body.code).await,
        BindOrSkip::Skip(SkipPhone { skip: true, .. }) => binding.skip(&credential.login).await,
        BindOrSkip::Skip(SkipPhone { skip: false, .. }) => {
            return Err(Problem::new(ErrorCode::BodyInvalid, "`skip` has to be true"));
        }
    };
    let login = watch.noted(call.request(), &watched, Step::Bound, bound)?;
    watch.stands(call.request(), &watched, &login);
    respond(&sessions, &credential, &login, || caller.client_info).await
}
