//! How a secret came with a call.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderValue},
};

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
    std::str::from_utf8(token(request.headers().get(header::AUTHORIZATION)?)?).ok()
}

/// Returns the token of every `Authorization` header, as it was sent.
pub(super) fn bearers(request: &HttpRequest) -> impl Iterator<Item = &[u8]> {
    request.headers().get_all(header::AUTHORIZATION).filter_map(token)
}

fn token(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked("bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| token.trim_ascii())
}
