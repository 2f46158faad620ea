//! Which pages may call.

use actix_web::{HttpRequest, http::header};

use super::problem::{Code, Problem};
use crate::config::ServerConfig;

/// Refuses a call that does not name an allowed origin.
pub(crate) fn required(server: &ServerConfig, request: &HttpRequest) -> Result<(), Problem> {
    match request.headers().get(header::ORIGIN) {
        Some(origin) if is_allowed(server, origin) => Ok(()),
        Some(_) | None => Err(refused()),
    }
}

/// Refuses a call that names an origin which is not allowed.
pub(crate) fn if_named(server: &ServerConfig, request: &HttpRequest) -> Result<(), Problem> {
    match request.headers().get(header::ORIGIN) {
        Some(origin) if !is_allowed(server, origin) => Err(refused()),
        Some(_) | None => Ok(()),
    }
}

fn is_allowed(server: &ServerConfig, origin: &header::HeaderValue) -> bool {
    let is = |allowed: &url::Origin| allowed.ascii_serialization().as_bytes() == origin.as_bytes();
    is(&server.public_url.origin()) || server.allowed_origins.iter().any(is)
}

pub(crate) fn refused() -> Problem {
    let detail = "a call that is authorised by a cookie has to come from a page of this site or of an \
                  allowed origin, and name it in the `Origin` header";
    Problem::new(Code::OriginRefused, detail)
}
