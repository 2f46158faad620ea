//! What operators and their machines ask: health, readiness, metrics, and the description of the API.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, ServiceConfig},
};
use saoma_domain::ports::Health;
use utoipa::OpenApi;
use utoipa_swagger_ui::{Config as DocsConfig, serve};

use super::Endpoint;
use crate::{
    openapi::ApiDoc,
    problem::{ErrorCode, Problem},
    state::State,
};

/// A part that takes longer than this to say that it lives does not.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// The page of Swagger UI styles itself; its scripts are files of ours.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn register(config: &mut ServiceConfig) {
    health(config);
    config
        .service(Endpoint::at("/openapi.json").get(openapi).done())
        .service(Endpoint::at("/docs").get(to_docs).done())
        .service(Endpoint::at("/docs/{file:.*}").get(docs).done());
}

/// Registers every endpoint of the operator's listener.
pub(crate) fn admin(config: &mut ServiceConfig) {
    health(config);
    config.service(Endpoint::at("/metrics").get(metrics).done());
}

fn health(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/healthz").get(healthz).done())
        .service(Endpoint::at("/readyz").get(readyz).done());
}

/// Tells that the process lives.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type(header::ContentType::plaintext()).body("ok")
}

/// Tells whether this node can serve, and which part fails if it cannot.
async fn readyz(state: Data<State>) -> Result<HttpResponse, Problem> {
    let (database, store) = tokio::join!(answers(&*state.database), answers(&*state.store));
    let failing: Vec<&str> = [
        (!database).then_some("the database does not answer"),
        (!store).then_some("the store does not answer"),
        state.shutdown.has_begun().then_some("this node is stopping"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if failing.is_empty() {
        return Ok(HttpResponse::Ok().content_type(header::ContentType::plaintext()).body("ready"));
    }
    Err(Problem::new(ErrorCode::StoreUnavailable, failing.join("; ")))
}

async fn answers(part: &dyn Health) -> bool {
    matches!(tokio::time::timeout(TIME_LIMIT, part.ping()).await, Ok(Ok(())))
}

async fn metrics(state: Data<State>) -> HttpResponse {
    let text = state.metrics.text(state.wait_slots.waiting());
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"))
        .body(text)
}

static OPENAPI: LazyLock<String> = LazyLock::new(|| ApiDoc::openapi().to_pretty_json().unwrap_or_default());

/// Returns the description of the API as JSON.
pub(crate) fn openapi_json() -> &'static str {
    &OPENAPI
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok().content_type(header::ContentType::json()).body(openapi_json())
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

async fn docs(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = request.match_info().get("file").unwrap_or_default();
    let Ok(Some(file)) = serve(file, Arc::new(DocsConfig::from("/openapi.json"))) else {
        return Err(Problem::new(ErrorCode::NotFound, "the documentation has no such file"));
    };
    let mut answer = HttpResponse::Ok();
    answer.content_type(file.content_type).insert_header((header::CONTENT_SECURITY_POLICY, DOCS_POLICY));
    if file.gzpipped {
        answer.insert_header(header::ContentEncoding::Gzip);
    }
    Ok(answer.body(file.bytes.into_owned()))
}
