//! Which pages may call with cookies.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderValue},
};
use url::Origin;

use super::CredentialSource;
use crate::{
    config::ServerConfig,
    problem::{ErrorCode, Problem},
};

/// The origins whose pages may call with cookies: the site's own, and those of the configuration.
pub(crate) struct AllowedOrigins(Vec<String>);

impl AllowedOrigins {
    /// Reads the origins from the configuration.
    pub(crate) fn new(server: &ServerConfig) -> Self {
        let own = server.public_url.origin();
        let origins = std::iter::once(&own).chain(&server.allowed_origins);
        Self(origins.map(Origin::ascii_serialization).collect())
    }

    /// Refuses a call that changes something, is authorised by a cookie, and does not name an allowed origin.
    pub(super) fn require_for(&self, source: CredentialSource, request: &HttpRequest) -> Result<(), Problem> {
        match (source, request.headers().get(header::ORIGIN)) {
            (CredentialSource::Bearer, _) => Ok(()),
            (CredentialSource::Cookie, Some(origin)) if self.allows(origin) => Ok(()),
            (CredentialSource::Cookie, _) => Err(refused()),
        }
    }

    /// Refuses a call that names an origin which is not allowed. A call without an origin passes.
    pub(crate) fn refuse_foreign(&self, request: &HttpRequest) -> Result<(), Problem> {
        match request.headers().get(header::ORIGIN) {
            Some(origin) if !self.allows(origin) => Err(refused()),
            Some(_) | None => Ok(()),
        }
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        self.0.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes())
    }
}

/// Refuses what a page shows as a part of itself, such as a picture, so that a foreign page cannot spend the limits of
/// its visitors. A browser that does not send `Sec-Fetch-Dest` passes.
pub(crate) fn refuse_parts_of_pages(request: &HttpRequest) -> Result<(), Problem> {
    let sent = |name| request.headers().get(name).map(HeaderValue::as_bytes);
    let passes = match sent("sec-fetch-dest") {
        None | Some(b"document") => true,
        // Inside a foreign page the browser would not keep our cookies.
        Some(b"iframe" | b"empty") => sent("sec-fetch-site") != Some(b"cross-site"),
        Some(_) => false,
    };
    if passes {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::OriginRefused, "a browser has to go to this address by itself"))
}

pub(super) fn refused() -> Problem {
    let detail = "a call that is authorised by a cookie has to come from a page of this site or of an \
                  allowed origin, and name it in the `Origin` header";
    Problem::new(ErrorCode::OriginRefused, detail)
}
