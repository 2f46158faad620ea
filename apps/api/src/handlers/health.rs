//! `GET /healthz` and `GET /readyz`

use actix_web::{
    HttpResponse,
    http::header::ContentType,
    web::{Data, ServiceConfig},
};

use super::Endpoint;
use crate::{
    node::Readiness,
    problem::{ErrorCode, Problem},
};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/healthz").get(healthz).done())
        .service(Endpoint::at("/readyz").get(readyz).done());
}

/// Says that the process lives.
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("ok")
}

/// Says whether this node can serve, and which part fails if it cannot.
async fn readyz(readiness: Data<Readiness>) -> Result<HttpResponse, Problem> {
    let failing = readiness.failing().await;
    if failing.is_empty() {
        return Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body("ready"));
    }
    let what: Vec<&str> = failing.iter().map(|part| part.what).collect();
    let causes: Vec<String> = failing.iter().map(|part| format!("{}: {}", part.what, part.cause)).collect();
    Err(Problem::new(ErrorCode::StoreUnavailable, what.join("; ")).because(&causes.join("; ")))
}
