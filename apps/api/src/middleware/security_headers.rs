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

/// The headers that every answer has.
#[derive(Clone, Copy)]
pub(crate) struct SecurityHeaders {
    pub(crate) is_https: bool,
}

impl SecurityHeaders {
    /// Adds the headers, where the handler has set none of its own.
    pub(super) fn add(self, headers: &mut HeaderMap) {
        for (name, value) in DEFAULTS {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        self.set_transport_security(headers);
    }

    /// Adds the headers to an answer whose handler sets none of them, and so looks for none.
    pub(super) fn set(self, headers: &mut HeaderMap) {
        for (name, value) in DEFAULTS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        self.set_transport_security(headers);
    }

    fn set_transport_security(self, headers: &mut HeaderMap) {
        if self.is_https {
            let a_year = HeaderValue::from_static("max-age=31536000");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, a_year);
        }
    }
}
