//! `POST /v1/admin/wechat/{app}/js-config`, `GET /v1/admin/wechat/{app}/users/{openid}`

use actix_web::{
    HttpResponse,
    http::header::ContentType,
    web::{Data, Path},
};
use saoma_domain::{
    services::{AccountService, AppAccess, SiteTrail},
    wechat::OpenId,
};
use url::Url;

use super::app_name;
use crate::{
    auth::{SiteCall, scope::WechatCall},
    dto::{JsConfigBody, JsConfigRequest},
    extract::Json,
    handlers::json,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Gives what `wx.config` takes on a page of an official account.
#[utoipa::path(post, path = "/v1/admin/wechat/{app}/js-config", tag = "wechat", security(("key" = ["wechat:call"])),
    params(("app" = String, Path, description = "The official account's name in the configuration")),
    request_body = JsConfigRequest, responses(
    (status = 200, description = "The signed configuration", body = JsConfigBody),
    (status = "default", description = "`key_invalid`, `scope_missing`, `app_unknown`, `body_invalid`, `wechat_unavailable`, `wechat_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(in crate::handlers::site_api) async fn js_config(
    _: SiteCall<WechatCall>,
    app: Path<String>,
    asked: Json<JsConfigRequest>,
    access: Data<AppAccess>,
) -> Result<HttpResponse, Problem> {
    let app = app_name(&app)?;
    let url = &asked.0.url;
    if !Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(Problem::new(ErrorCode::BodyInvalid, "`url` has to be an http or https URL"));
    }
    Ok(json(&JsConfigBody::from(access.js_config(&app, url).await?)))
}

/// Gives what WeChat knows of a person, as WeChat says it.
#[utoipa::path(get, path = "/v1/admin/wechat/{app}/users/{openid}", tag = "wechat", security(("key" = ["wechat:call"])),
    params(("app" = String, Path, description = "The official account's name in the configuration"),
        ("openid" = String, Path, description = "The person within the app")), responses(
    (status = 200, description = "WeChat's answer (user/info)"),
    (status = "default", description = "`key_invalid`, `scope_missing`, `app_unknown`, `not_found`, `wechat_unavailable`, `wechat_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(in crate::handlers::site_api) async fn user(
    call: SiteCall<WechatCall>,
    path: Path<(String, String)>,
    access: Data<AppAccess>,
    accounts: Data<AccountService>,
    trail: Data<SiteTrail>,
) -> Result<HttpResponse, Problem> {
    let (app, openid) = path.into_inner();
    let app = app_name(&app)?;
    let unknown = |_| Problem::new(ErrorCode::NotFound, "no person can have this openid");
    let openid = OpenId::parse(openid).map_err(unknown)?;
    let said = access.user_info(&app, &openid).await?;
    let known = accounts.identity_of(&app, &openid).await?.and_then(|identity| identity.account);
    let what = format!("user info of WeChat by the app {app}");
    match known {
        Some(account) => trail.read(call.by(), &what, &[account]).await?,
        None => trail.read_of_many(call.by(), &what).await?,
    }
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(said))
}
