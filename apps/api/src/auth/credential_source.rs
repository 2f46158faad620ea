//! How a secret came with a call.

use actix_web::{HttpRequest, http::header};

/// How a secret came with a call, which decides how the answer gives secrets back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialSource {
    /// As a cookie. Browsers add it by themselves, so a call that changes something has to name its origin.
    Cookie,
    /// In the `Authorization` header, which only the client itself can add.
    Bearer,
}

/// Returns the token of the `Authorization` header.
pub(super) fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
