//! `GET /.well-known/openid-configuration`

use actix_web::{
    HttpResponse,
    http::header::{self, ContentType},
    web::Data,
};

use crate::{
    oidc::{OpenIdProvider, metadata},
    problem::ProblemBody,
};

/// Returns what the OpenID provider can do, and where (OpenID Connect Discovery).
#[utoipa::path(get, path = "/.well-known/openid-configuration", operation_id = "openid_configuration", tag = "openid", responses(
    (status = 200, description = "The provider's metadata", body = Object),
    (status = "default", description = "`not_found` where no client is configured", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn discovery(provider: Data<OpenIdProvider>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        // It is public: a page of any site may read it.
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .content_type(ContentType::json())
        .body(metadata(&provider.issuer).to_string())
}
