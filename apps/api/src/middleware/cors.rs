//! What pages of allowed origins may read.

use actix_cors::Cors;
use actix_web::{
    dev::RequestHead,
    http::{Method, header, header::HeaderValue},
    middleware::Condition,
};

use crate::config::ServerConfig;
use crate::problem::{ErrorCode, Problem};

/// How long a browser may cache the answer of a preflight, in seconds.
const MAX_AGE_SECS: usize = 600;

/// Lets pages of the configured origins call with cookies and read the answers; without any, no header is sent. Whether
/// such a call may change something is decided by [`crate::auth::AllowedOrigins`].
pub(crate) fn cors(server: &ServerConfig) -> Condition<Cors> {
    let origins: Vec<String> = server.allowed_origins.iter().map(url::Origin::ascii_serialization).collect();
    let is_allowed = move |origin: &HeaderValue, request: &RequestHead| {
        !is_for_people(request.uri.path()) && origins.iter().any(|known| origin == known.as_str())
    };
    let cors = Cors::default()
        .allowed_origin_fn(is_allowed)
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .allowed_headers(["last-event-id", "x-request-id"])
        .expose_headers(["x-request-id", "retry-after"])
        .supports_credentials()
        .max_age(MAX_AGE_SECS);
    Condition::new(!server.allowed_origins.is_empty(), cors)
}

/// Returns whether browsers come to a path with a person before them, and never a script (RFC 9700, section 2.6): a script could
/// read the page there and agree in the person's name.
fn is_for_people(path: &str) -> bool {
    ["/oauth2/authorize", "/oauth2/consent", "/oauth2/logout"].iter().any(|end| path.ends_with(end))
}

/// Returns the problem of a preflight that was refused.
pub(crate) fn refused() -> Problem {
    Problem::new(
        ErrorCode::OriginRefused,
        "pages of this origin may not call, or not with this method or header",
    )
}
