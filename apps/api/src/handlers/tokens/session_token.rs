//! `POST /v1/session/token`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::SessionService;

use crate::{
    auth::SessionCall,
    dto::{TokenBody, TokenRequest},
    extract::Json,
    handlers::json,
    problem::{ErrorCode, Problem, ProblemBody},
    tokens::SessionTokens,
};

/// Signs a short token about the client's session for one of the services behind the site, which verifies it by itself. It is
/// valid until it expires, also where the session ends before: a service that has to know keeps the `sid`s of the webhook
/// `session.ended` for as long as its tokens are valid.
#[utoipa::path(post, path = "/v1/session/token", operation_id = "sign_session_token", tag = "tokens", security(("session_token" = []), ("session_cookie" = [])), request_body = TokenRequest, responses(
    (status = 200, description = "The token. Its claims: `iss`, `sub` (the account), `aud`, `exp`, `iat`, `jti`, `sid`, `auth_time`, `amr`, `acr`, `external_id`, and `name` and `phone_number` where the audience's `claims` allow it", body = TokenBody),
    (status = "default", description = "`session_invalid`, `account_disabled`, `body_invalid` for an audience that is not configured, `rate_limited`, `origin_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn sign(
    call: SessionCall,
    sessions: Data<SessionService>,
    tokens: Data<SessionTokens>,
    Json(asked): Json<TokenRequest>,
) -> Result<HttpResponse, Problem> {
    let active = call.changing().await?;
    let audience = tokens.audience(&asked.audience).ok_or_else(|| {
        Problem::new(ErrorCode::BodyInvalid, "`audience` is none of those that the site has configured")
    })?;
    sessions.count_signed_token(&active).await?;
    let signed = tokens.sign(&active, audience).await?;
    Ok(json(&TokenBody { token: signed.token, expires_in: signed.expires_in }))
}
