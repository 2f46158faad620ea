//! `GET /v1/admin/audit`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use saoma_domain::{
    account::AccountId,
    ports::{AuditFilter, AuditKind, AuditTrail},
    services::{ServiceError, SiteTrail},
};

use crate::{
    auth::{SiteCall, scope::AuditRead},
    dto::{AuditBody, AuditQuery, Page, page_limit},
    extract::query,
    handlers::json,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Lists the audit trail, the youngest record first.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "audit", security(("key" = ["audit:read"])),
    params(AuditQuery), responses(
    (status = 200, description = "Records of the trail", body = Page<AuditBody>),
    (status = "default", description = "`key_invalid`, `scope_missing`, `body_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    call: SiteCall<AuditRead>,
    request: HttpRequest,
    trail: Data<dyn AuditTrail>,
    site_trail: Data<SiteTrail>,
) -> Result<HttpResponse, Problem> {
    let AuditQuery { account, kind, after, limit } = query(&request)?;
    let limit = page_limit(limit)?;
    let account = account.map(|id| AccountId::parse(&id).ok_or_else(|| wrong("account"))).transpose()?;
    let kind = kind.map(|name| AuditKind::parse(&name).ok_or_else(|| wrong("kind"))).transpose()?;
    let before = after.map(|number| number.parse::<i64>().map_err(|_| wrong("after"))).transpose()?;
    let found = trail.records(AuditFilter { account, kind }, before, limit + 1).await;
    let found = found.map_err(ServiceError::from)?;
    match account {
        Some(account) => site_trail.read(call.by(), "trail", &[account]).await?,
        None => site_trail.read_of_many(call.by(), "a page of the trail").await?,
    }
    let items = found.iter().map(AuditBody::new).collect();
    Ok(json(&Page::new(items, limit, |item: &AuditBody| item.id.clone())))
}

fn wrong(name: &str) -> Problem {
    Problem::new(ErrorCode::BodyInvalid, format!("`{name}` is not of the expected form"))
}
