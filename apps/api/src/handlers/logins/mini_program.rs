//! `POST /v1/logins/{id}/mini-program`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use crate::{
    clients::MiniProgramPages,
    dto::{MiniProgramAnswer, MiniProgramRequest},
    extract::Json,
    handlers::json,
    problem::{Problem, ProblemBody},
};

/// Takes what the page of a mini program says that the code of a `mini_program_code` opened: its `scene` is the login's id. The
/// code of `wx.login` says who it is, so no poll token is needed, and the answer holds no session. Without `confirm` it is the
/// scan, and says what asks; then only the person who scanned can answer.
#[utoipa::path(post, path = "/v1/logins/{id}/mini-program", tag = "logins", request_body = MiniProgramRequest,
    params(("id" = String, Path, description = "The login's id: the scene of the code")), responses(
    (status = 200, description = "How the login stands, and who asks for it", body = MiniProgramAnswer),
    (status = "default", description = "`body_invalid`, `login_unknown`, `login_state`, `wechat_code_invalid`, \
     `wechat_unavailable`, `wechat_refused`, `rate_limited`, `account_disabled`, `registration_closed`, `login_refused`, \
     `store_unavailable`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn mini_program(
    pages: Data<MiniProgramPages>,
    request: HttpRequest,
    id: Path<String>,
    Json(body): Json<MiniProgramRequest>,
) -> Result<HttpResponse, Problem> {
    Ok(json(&pages.take(&request, &id, body).await?))
}
