//! `POST /v1/logins`

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::start::Wish;
use crate::{
    auth::origin,
    dto::{ClientKind, NewLogin, StartedBody},
    extract::{Caller, Json},
    problem::{Problem, ProblemBody},
    state::State,
};

/// Starts a login.
#[utoipa::path(post, path = "/v1/logins", tag = "logins", request_body = NewLogin, responses(
    (status = 201, description = "A login with the QR code to show, or the address to send the browser to; of a \
     mini program, what its code has led to", body = StartedBody),
    (status = "default", description = "`body_invalid`, `app_unknown`, `return_to_refused`, `origin_refused`, \
     `rate_limited`, `wechat_code_invalid`, `wechat_unavailable`, `wechat_refused`, `account_disabled`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn create(
    state: Data<State>,
    request: HttpRequest,
    caller: Caller,
    Json(asked): Json<NewLogin>,
) -> Result<HttpResponse, Problem> {
    let by_browser = asked.client == ClientKind::Browser;
    let wish = Wish::checked(&state, &request, caller, asked, None)?;
    if by_browser {
        // A foreign page must not plant its own login in a visitor's browser.
        origin::if_named(&state.config.server, &request)?;
    }
    wish.begin(&state).await
}
