//! The headers that every answer has.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Pages bring a policy of their own; any other answer may do nothing in a browser.
const NOTHING_ALLOWED: &str = "default-src 'none'; frame-ancestors 'none'";

const DEFAULTS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::CONTENT_SECURITY_POLICY, NOTHING_ALLOWED),
];

/// Adds the headers of every answer, where the handler has set none of its own.
pub(super) fn add_security_headers(headers: &mut HeaderMap, is_https: bool) {
    for (name, value) in DEFAULTS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if is_https {
        let a_year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
    }
}
