//! `GET /healthz` and `GET /readyz`

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::ContentType,
    web::{Data, ServiceConfig},
};
use serde::Serialize;

use super::{Endpoint, json};
use crate::{
    dto::PartsStatus,
    node::{Readiness, StatusReport},
    problem::{ErrorCode, Problem},
};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/healthz").get(healthz).done())
        .service(Endpoint::at("/readyz").get(readyz).done());
}

/// A node that can serve.
#[derive(Serialize)]
struct ReadyBody<'a> {
    ready: bool,
    #[serde(flatten)]
    parts: &'a PartsStatus,
}

/// Says that the process lives.
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("ok")
}

/// Says whether this node can serve, and which part fails if it cannot; with `?verbose` also how the parts are that it serves
/// without, if need be.
async fn readyz(
    request: HttpRequest,
    readiness: Data<Readiness>,
    report: Data<StatusReport>,
) -> Result<HttpResponse, Problem> {
    let failing = readiness.failing().await;
    if failing.is_empty() {
        let mut names = request.query_string().split('&').map(|pair| pair.split('=').next());
        if names.any(|name| name == Some("verbose")) {
            return Ok(json(&ReadyBody { ready: true, parts: &*report.recent_parts().await }));
        }
        return Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body("ready"));
    }
    let what: Vec<&str> = failing.iter().map(|part| part.what).collect();
    let causes: Vec<String> = failing.iter().map(|part| format!("{}: {}", part.what, part.cause)).collect();
    Err(Problem::new(ErrorCode::StoreUnavailable, what.join("; ")).because(&causes.join("; ")))
}
