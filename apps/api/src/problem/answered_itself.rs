//! Answers that say by themselves what is wrong, in the form of another standard or as a page.

use actix_web::{HttpResponse, http::header};

use super::Problem;

/// Marks an answer that is no problem of RFC 9457, and goes out as it is.
pub(crate) struct AnsweredItself;

impl AnsweredItself {
    /// Marks an answer.
    pub(crate) fn mark(mut answer: HttpResponse) -> HttpResponse {
        answer.extensions_mut().insert(Self);
        answer
    }

    /// Returns whether an answer goes out as it is.
    pub(crate) fn is_mark_of<B>(answer: &HttpResponse<B>) -> bool {
        answer.extensions().contains::<Self>()
    }
}

/// The endpoints whose errors are those of RFC 6749, also where the endpoint itself was not reached.
const OF_OAUTH: [&str; 4] = ["/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke", "/oauth2/introspect"];

/// Returns the body of a problem at an endpoint whose errors are those of RFC 6749.
pub(crate) fn oauth_body(endpoint: &str, problem: &Problem) -> Option<Vec<u8>> {
    if !OF_OAUTH.contains(&endpoint) {
        return None;
    }
    let error = if problem.is_of_server() { "temporarily_unavailable" } else { "invalid_request" };
    let body = serde_json::json!({"error": error, "error_description": problem.code().title()});
    Some(body.to_string().into_bytes())
}

/// What such an answer is.
pub(crate) const OAUTH_BODY: header::HeaderValue = header::HeaderValue::from_static("application/json");
