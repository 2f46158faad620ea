//! What pages of allowed origins may read.

use actix_cors::Cors;
use actix_web::{
    http::{Method, header},
    middleware::Condition,
};

use crate::config::ServerConfig;
use crate::problem::{ErrorCode, Problem};

/// How long a browser may cache the answer of a preflight, in seconds.
const MAX_AGE_SECS: usize = 600;

/// Lets pages of the configured origins call with cookies and read the answers; without any, no header is sent. Whether
/// such a call may change something is decided by [`crate::auth::AllowedOrigins`].
pub(crate) fn cors(server: &ServerConfig) -> Condition<Cors> {
    let allowed = server
        .allowed_origins
        .iter()
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(&origin.ascii_serialization()));
    let cors = allowed
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .allowed_headers(["last-event-id", "x-request-id"])
        .expose_headers(["x-request-id", "retry-after"])
        .supports_credentials()
        .max_age(MAX_AGE_SECS);
    Condition::new(!server.allowed_origins.is_empty(), cors)
}

/// Returns the problem of a preflight that was refused.
pub(crate) fn refused() -> Problem {
    Problem::new(
        ErrorCode::OriginRefused,
        "pages of this origin may not call, or not with this method or header",
    )
}
