//! `POST /v1/logins/{id}/phone`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::PhoneBinding;

use super::respond;
use crate::{
    auth::LoginCall,
    clients::ClientSessions,
    dto::{BindPhone, LoginAnswer},
    extract::{Caller, Json},
    login_watch::{LoginWatch, Step},
    problem::{Problem, ProblemBody},
};

/// Binds a phone number with the code that was sent to it, and logs in.
#[utoipa::path(post, path = "/v1/logins/{id}/phone", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])), request_body = BindPhone,
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 200, description = "The registered login with its session", body = LoginAnswer),
    (status = "default", description = "`phone_invalid`, `sms_code_wrong`, `sms_code_expired`, `phone_taken`, \
     `login_state`, `rate_limited`, `login_unknown`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn bind_phone(
    call: LoginCall,
    caller: Caller,
    binding: Data<PhoneBinding>,
    sessions: Data<ClientSessions>,
    watch: Data<LoginWatch>,
    Json(body): Json<BindPhone>,
) -> Result<HttpResponse, Problem> {
    let credential = call.changing()?;
    let watched = watch.find(credential.login.id()).await;
    let bound = binding.bind(&credential.login, &body.phone, &body.code).await;
    let login = watch.noted(call.request(), &watched, Step::Bound, bound)?;
    watch.stands(call.request(), &watched, &login);
    respond(&sessions, &credential, &login, || caller.client_info).await
}
