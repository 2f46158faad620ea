//! `POST /v1/admin/wechat/{app}/access-token`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::services::{AppAccess, SiteTrail};

use super::app_name;
use crate::{
    auth::{SiteCall, scope::WechatToken},
    dto::{AccessTokenBody, AccessTokenRequest},
    extract::optional_json,
    handlers::json,
    problem::{Problem, ProblemBody},
};

/// Gives the access token that this service uses itself, so that no other system refreshes one.
#[utoipa::path(post, path = "/v1/admin/wechat/{app}/access-token", tag = "wechat", security(("key" = ["wechat:token"])),
    params(("app" = String, Path, description = "The app's name in the configuration")),
    request_body = AccessTokenRequest, responses(
    (status = 200, description = "The token", body = AccessTokenBody),
    (status = "default", description = "`key_invalid`, `scope_missing`, `app_unknown`, `rate_limited`, `wechat_unavailable`, `wechat_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(in crate::handlers::site_api) async fn access_token(
    call: SiteCall<WechatToken>,
    app: Path<String>,
    request: HttpRequest,
    access: Data<AppAccess>,
    trail: Data<SiteTrail>,
) -> Result<HttpResponse, Problem> {
    let app = app_name(&app)?;
    let AccessTokenRequest { force } = optional_json(&request)?;
    let token = access.access_token(&app, force).await?;
    if force {
        trail.did(call.by(), format!("another access token of the app {app}")).await?;
    }
    Ok(json(&AccessTokenBody::from(token)))
}
