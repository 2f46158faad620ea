//! `GET /oauth2/jwks`

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web::Data,
};
use saoma_domain::{services::SigningService, text::hex};

use crate::problem::{Problem, ProblemBody};

/// A key is published two days before it signs, so an hour-old set always has it.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Returns the public keys of signed tokens, as a JWK set (RFC 7517): those that sign, those that will, and those whose tokens may
/// still be valid. `kid` is the thumbprint of the key (RFC 7638).
#[utoipa::path(get, path = "/oauth2/jwks", operation_id = "read_jwks", tag = "tokens", responses(
    (status = 200, description = "The keys; `Cache-Control` says how long they may be kept", body = Object),
    (status = 304, description = "They are those of `If-None-Match`"),
    (status = "default", description = "`store_unavailable`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn jwks(
    request: HttpRequest,
    signing: Data<SigningService>,
) -> Result<HttpResponse, Problem> {
    let keys = signing.public_keys().await?;
    let hash = ring::digest::digest(&ring::digest::SHA256, keys.as_bytes());
    let tag = format!("\"{}\"", hex(hash.as_ref().get(..8).unwrap_or_default()));
    let is_known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|given| given == tag.as_str());
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, CACHE))
        // They are public: a page of any site may verify a token.
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    Ok(if is_known { answer.finish() } else { answer.content_type(header::ContentType::json()).body(keys) })
}
