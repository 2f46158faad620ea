//! `GET /openapi.json`: the description of the API.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Bytes, ServiceConfig},
};
use utoipa::{
    OpenApi,
    openapi::{OpenApi as Document, Server},
};

use super::{Endpoint, api_doc::ApiDoc, api_polish::polished};
use crate::config::Mount;

/// Where the description is.
pub(super) const PATH: &str = "/openapi.json";

static OPENAPI: LazyLock<String> = LazyLock::new(|| described_as_json(&document()));

/// Returns the whole description.
fn document() -> Document {
    #[cfg(not(feature = "oidc"))]
    return ApiDoc::openapi();
    #[cfg(feature = "oidc")]
    ApiDoc::openapi().merge_from(super::openid::api_doc::OpenIdDoc::openapi())
}

pub(super) fn register(config: &mut ServiceConfig, mount: &Mount) {
    let described = Bytes::from(openapi_at(mount));
    let answer = move || {
        let answer = HttpResponse::Ok().content_type(header::ContentType::json()).body(described.clone());
        async move { answer }
    };
    config.service(Endpoint::at(PATH).get(answer).done());
}

/// Returns the description of a service that is mounted somewhere.
fn openapi_at(mount: &Mount) -> String {
    if mount.as_str().is_empty() {
        return openapi_json().to_owned();
    }
    let mut described = document();
    described.servers = Some(vec![Server::new(mount.as_str())]);
    described_as_json(&described)
}

/// Returns a description as JSON, with what it does not say by itself.
pub(super) fn described_as_json(document: &Document) -> String {
    let document = serde_json::to_value(document).map(polished);
    document.and_then(|document| serde_json::to_string_pretty(&document)).unwrap_or_default()
}

/// Returns the paths of the public endpoints that are described.
pub(super) fn described_paths() -> Vec<String> {
    let is_public = |path: &String| path != "/metrics" && !path.starts_with("/v1/admin");
    document().paths.paths.into_keys().filter(is_public).collect()
}

/// Returns the description of the API as JSON.
pub(crate) fn openapi_json() -> &'static str {
    &OPENAPI
}
