//! `POST /v1/admin/introspect`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::{AppProfileService, SessionService, SiteTrail};

use crate::{
    auth::{Cookies, SiteCall, scope::SessionsRead},
    dto::{IntrospectRequest, IntrospectionAnswer},
    extract::Json,
    handlers::{SessionReading, json},
    problem::{Problem, ProblemBody},
};

/// Says whose session a token or a cookie is. It counts as a use of the session: its idle time begins anew.
#[utoipa::path(post, path = "/v1/admin/introspect", tag = "sessions", security(("key" = ["sessions:read"])),
    request_body = IntrospectRequest, responses(
    (status = 200, description = "The session and its account; `{\"active\": false}` for any other text", body = IntrospectionAnswer),
    (status = "default", description = "`key_invalid`, `scope_missing`, `origin_refused`, `body_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn introspect(
    call: SiteCall<SessionsRead>,
    asked: Json<IntrospectRequest>,
    sessions: Data<SessionService>,
    profiles: Data<AppProfileService>,
    trail: Data<SiteTrail>,
    cookies: Data<Cookies>,
    reading: Data<SessionReading>,
) -> Result<HttpResponse, Problem> {
    let token = match &asked.0 {
        IntrospectRequest::Token(token) => Some(token.as_str()),
        IntrospectRequest::Cookie(cookie) => cookies.session_in(cookie),
    };
    let active = match token {
        Some(token) => sessions.introspect(token).await?,
        None => None,
    };
    Ok(json(&match active {
        Some(active) => {
            trail.introspected(call.by(), active.account.id).await?;
            let profiles = profiles.of_account(active.account.id).await?;
            IntrospectionAnswer::of(&active, &profiles, &reading.policy)
        }
        None => IntrospectionAnswer::inactive(),
    }))
}
