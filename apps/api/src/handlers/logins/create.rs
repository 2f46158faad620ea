//! `POST /v1/logins`

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    auth::AllowedOrigins,
    clients::LoginStarts,
    dto::{ClientKind, StartRequest, StartedBody},
    extract::{Caller, Json},
    problem::{Problem, ProblemBody},
};

/// Starts a login.
#[utoipa::path(post, path = "/v1/logins", tag = "logins", request_body = StartRequest, responses(
    (status = 201, description = "A login with the code to show, or the address to send the browser to; of a \
     mini program or a mobile application, what its code has led to", body = StartedBody),
    (status = "default", description = "`body_invalid`, `app_unknown`, `return_to_refused`, `origin_refused`, \
     `consent_required`, `check_failed`, `rate_limited`, `wechat_code_invalid`, `wechat_unavailable`, `wechat_refused`, `account_disabled`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn create(
    starts: Data<LoginStarts>,
    origins: Data<AllowedOrigins>,
    request: HttpRequest,
    caller: Caller,
    Json(body): Json<StartRequest>,
) -> Result<HttpResponse, Problem> {
    let is_browser = body.client == ClientKind::Browser;
    let start = starts.check(&request, caller, body, None)?;
    if is_browser {
        // A foreign page must not plant a login of its own in a visitor's browser.
        origins.refuse_foreign(&request)?;
    }
    Ok(starts.start(&request, start).await?.created())
}
