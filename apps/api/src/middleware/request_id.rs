//! The id of a request, which its answer and its lines in the log carry.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use saoma_domain::ports::{Random, random_bytes};

/// The header that carries the id of a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Returns the client's id when it is 1–64 characters of `[A-Za-z0-9_-]`, else a new random one.
pub(crate) fn request_id(headers: &HeaderMap, random: Option<&dyn Random>) -> HeaderValue {
    if let Some(given) = headers.get(&REQUEST_ID).filter(|value| is_usable(value.as_bytes())) {
        return given.clone();
    }
    let bytes = random.map_or([0_u8; 16], random_bytes);
    HeaderValue::from_str(&format!("{:032x}", u128::from_be_bytes(bytes)))
        .unwrap_or(HeaderValue::from_static("-"))
}

fn is_usable(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
