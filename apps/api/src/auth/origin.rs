//! Which pages may call.

use actix_web::{HttpRequest, http::header};

use crate::config::ServerConfig;
use crate::problem::{ErrorCode, Problem};

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

/// Refuses what a page shows as a part of itself, such as a picture: a foreign page must not spend what its
/// visitors may ask for. Browsers that do not say what they want it for pass.
pub(crate) fn no_part_of_a_page(request: &HttpRequest) -> Result<(), Problem> {
    let sent = |name| request.headers().get(name).map(header::HeaderValue::as_bytes);
    let passes = match sent("sec-fetch-dest") {
        None | Some(b"document") => true,
        // In those of a foreign page no cookie of ours would be kept.
        Some(b"iframe" | b"empty") => sent("sec-fetch-site") != Some(b"cross-site"),
        Some(_) => false,
    };
    if passes {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::OriginRefused, "a browser has to go to this address by itself"))
}

fn is_allowed(server: &ServerConfig, origin: &header::HeaderValue) -> bool {
    let is = |allowed: &url::Origin| allowed.ascii_serialization().as_bytes() == origin.as_bytes();
    is(&server.public_url.origin()) || server.allowed_origins.iter().any(is)
}

pub(crate) fn refused() -> Problem {
    let detail = "a call that is authorised by a cookie has to come from a page of this site or of an \
                  allowed origin, and name it in the `Origin` header";
    Problem::new(ErrorCode::OriginRefused, detail)
}
