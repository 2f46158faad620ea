//! `POST /v1/admin/wechat/{app}/qrcodes`

use std::time::Duration;

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{
    ports::Clock,
    services::{AppAccess, SITE_CODE_LIVES, SiteScene, SiteTrail},
};

use super::app_name;
use crate::{
    auth::{SiteCall, scope::WechatCall},
    dto::{SiteCodeBody, SiteCodeRequest, rfc3339},
    extract::Json,
    problem::{ErrorCode, Problem, ProblemBody},
    qr,
};

/// Makes a QR code with a scene of the site's own. Its scans go to the relay and to webhooks (`wechat.event`).
#[utoipa::path(post, path = "/v1/admin/wechat/{app}/qrcodes", tag = "wechat", security(("key" = ["wechat:call"])),
    params(("app" = String, Path, description = "The official account's name in the configuration")),
    request_body = SiteCodeRequest, responses(
    (status = 201, description = "The code", body = SiteCodeBody),
    (status = "default", description = "`key_invalid`, `scope_missing`, `app_unknown`, `body_invalid`, `wechat_unavailable`, `wechat_refused`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(in crate::handlers::site_api) async fn make(
    call: SiteCall<WechatCall>,
    app: Path<String>,
    asked: Json<SiteCodeRequest>,
    access: Data<AppAccess>,
    trail: Data<SiteTrail>,
    clock: Data<dyn Clock>,
) -> Result<HttpResponse, Problem> {
    let (app, wrong) = (app_name(&app)?, |what| Problem::new(ErrorCode::BodyInvalid, what));
    let SiteCodeRequest { scene, expires_in } = asked.0;
    let checked = SiteScene::parse(&scene).ok_or_else(|| {
        wrong("`scene` has to be 1 to 64 printable ASCII characters, and must not begin with `login:`")
    })?;
    let lifetime = expires_in.map_or(SITE_CODE_LIVES, |secs| Duration::from_secs(secs.into()));
    if !(Duration::from_secs(60)..=SITE_CODE_LIVES).contains(&lifetime) {
        return Err(wrong("`expires_in` can be 60 to 2592000"));
    }
    let ticket = access.site_code(&app, &checked, lifetime).await?;
    trail.did(call.by(), format!("QR code of the app {app}")).await?;
    let svg = qr::svg(&ticket.url).map_err(|error| {
        Problem::new(ErrorCode::WechatRefused, "WeChat made a code that cannot be drawn").because(&error)
    })?;
    let body = SiteCodeBody {
        scene,
        svg,
        content: ticket.url,
        image_url: ticket.image_url,
        expires_at: rfc3339(clock.now().plus(ticket.lifetime)),
        expires_in: ticket.lifetime.as_secs(),
    };
    Ok(HttpResponse::Created().json(body))
}
