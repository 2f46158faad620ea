//! `GET /docs`: the description of the API as a page; only with the feature `docs`.

use std::{borrow::Cow, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Bytes, Data, ServiceConfig},
};
use utoipa_swagger_ui::{Config as DocsConfig, serve};

use super::{Endpoint, openapi};
use crate::{
    config::Mount,
    problem::{ErrorCode, Problem},
};

/// The page of Swagger UI styles itself; its scripts are files of ours.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn register(config: &mut ServiceConfig, mount: &Mount) {
    config
        .app_data(Data::new(DocsPaths { page: mount.path("/docs/"), openapi: mount.path(openapi::PATH) }))
        .service(Endpoint::at("/docs").get(to_docs).done())
        .service(Endpoint::at("/docs/{file:.*}").get(docs).done());
}

/// Where the page and what it shows are on the site.
struct DocsPaths {
    page: String,
    openapi: String,
}

async fn to_docs(paths: Data<DocsPaths>) -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, paths.page.as_str())).finish()
}

async fn docs(paths: Data<DocsPaths>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = request.match_info().get("file").unwrap_or_default();
    let Ok(Some(file)) = serve(file, Arc::new(DocsConfig::from(paths.openapi.clone()))) else {
        return Err(Problem::new(ErrorCode::NotFound, "the documentation has no such file"));
    };
    let mut answer = HttpResponse::Ok();
    answer.content_type(file.content_type).insert_header((header::CONTENT_SECURITY_POLICY, DOCS_POLICY));
    if file.gzpipped {
        answer.insert_header(header::ContentEncoding::Gzip);
    }
    // Shared, where it is not made for this page.
    Ok(match file.bytes {
        Cow::Borrowed(bytes) => answer.body(Bytes::from_static(bytes)),
        Cow::Owned(bytes) => answer.body(bytes),
    })
}
