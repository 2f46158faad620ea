//! `GET /openapi.json`: the description of the API.

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header, web::ServiceConfig};
use utoipa::OpenApi;

use super::{Endpoint, api_doc::ApiDoc};

/// Where the description is.
pub(super) const PATH: &str = "/openapi.json";

static OPENAPI: LazyLock<String> = LazyLock::new(|| ApiDoc::openapi().to_pretty_json().unwrap_or_default());

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at(PATH).get(openapi).done());
}

/// Returns the description of the API as JSON.
pub(crate) fn openapi_json() -> &'static str {
    &OPENAPI
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok().content_type(header::ContentType::json()).body(openapi_json())
}
