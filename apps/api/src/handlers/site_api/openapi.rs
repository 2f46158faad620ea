//! `GET /v1/admin/openapi.json`: the description of the site API. It needs no key: it says nothing about the site.

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header, web::ServiceConfig};
use utoipa::OpenApi;

use super::{
    super::{Endpoint, openapi::described_as_json},
    api_doc::SiteApiDoc,
};

static OPENAPI: LazyLock<String> = LazyLock::new(|| described_as_json(&SiteApiDoc::openapi()));

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/v1/admin/openapi.json").get(openapi).done());
}

/// Returns the description of the site API as JSON.
pub(crate) fn site_openapi_json() -> &'static str {
    &OPENAPI
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok().content_type(header::ContentType::json()).body(site_openapi_json())
}
