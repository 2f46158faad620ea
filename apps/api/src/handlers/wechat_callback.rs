//! `/wechat/{app}/callback`: what WeChat tells.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::ContentType,
    web::{Data, Path, ServiceConfig},
};

use super::Endpoint;
use crate::{
    extract::{RawBody, query},
    problem::{Problem, ProblemBody},
    wechat_events::WechatEvents,
};

pub(super) fn register(config: &mut ServiceConfig) {
    for path in ["/wechat/{app}/callback", "/wechat/{app}/callback/"] {
        config.service(Endpoint::at(path).get(echo).post(receive).done());
    }
}

/// Answers WeChat's check of the URL.
#[utoipa::path(get, path = "/wechat/{app}/callback", tag = "wechat",
    params(("app" = String, Path, description = "The configured name of the app")), responses(
    (status = 200, description = "`echostr` as it came", content_type = "text/plain"),
    (status = "default", description = "`callback_refused`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn echo(
    events: Data<WechatEvents>,
    request: HttpRequest,
    app: Path<String>,
) -> Result<HttpResponse, Problem> {
    let app = events.app(&app)?;
    let echo = events.echo(&app, &request, &query(&request)?).await?;
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body(echo))
}

/// Takes an event, in XML or in JSON as its `Content-Type` says. The answer comes only once what the event means is stored.
#[utoipa::path(post, path = "/wechat/{app}/callback", tag = "wechat", request_body(content_type = "text/xml"),
    params(("app" = String, Path, description = "The configured name of the app")), responses(
    (status = 200, description = "`success`, or a reply message"),
    (status = "default", description = "`callback_refused`, `body_invalid`, `body_too_large`, `store_unavailable`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn receive(
    events: Data<WechatEvents>,
    request: HttpRequest,
    app: Path<String>,
    RawBody(body): RawBody,
) -> Result<HttpResponse, Problem> {
    take(&events, &request, &app, &body).await
}

/// Takes an event to the app of this name.
///
/// # Errors
/// Those of the endpoint.
pub(crate) async fn take(
    events: &WechatEvents,
    request: &HttpRequest,
    app: &str,
    body: &[u8],
) -> Result<HttpResponse, Problem> {
    let app = events.app(app)?;
    Ok(events.take(&app, request, &query(request)?, body).await?.into_response())
}
