//! `GET /v1/admin/sessions/ended`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use saoma_domain::{ports::Clock, services::SessionService};

use super::status::moment;
use crate::{
    auth::{SiteCall, scope::SessionsRead},
    dto::{EndedSessionBody, EndedSessionsQuery, Page, page_limit},
    extract::query,
    handlers::json,
    problem::{Problem, ProblemBody},
    tokens::SessionTokens,
};

/// Lists the sessions that were ended, the first ended first, for services that refuse tokens with their `sid`. They are kept for a
/// day, which no token outlives. The sessions of an account that was erased are not among them: the webhook `account.erased`
/// names it.
#[utoipa::path(get, path = "/v1/admin/sessions/ended", operation_id = "list_ended_sessions", tag = "sessions", security(("key" = ["sessions:read"])),
    params(EndedSessionsQuery), responses(
    (status = 200, description = "The sessions", body = Page<EndedSessionBody>),
    (status = "default", description = "`key_invalid`, `scope_missing`, `body_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: SiteCall<SessionsRead>,
    request: HttpRequest,
    sessions: Data<SessionService>,
    tokens: Data<SessionTokens>,
    clock: Data<dyn Clock>,
) -> Result<HttpResponse, Problem> {
    let asked: EndedSessionsQuery = query(&request)?;
    let limit = page_limit(asked.limit)?;
    let (since, after) = match asked.cursor()? {
        Some((at, id)) => (at, Some(id)),
        None => {
            let since = moment(asked.since.as_deref(), "since")?;
            (since.unwrap_or_else(|| clock.now().minus(tokens.shown_for())), None)
        }
    };
    let found = sessions.ended(since, after, limit + 1).await?;
    let items = found.iter().map(EndedSessionBody::new).collect();
    Ok(json(&Page::new(items, limit, EndedSessionBody::cursor)))
}
