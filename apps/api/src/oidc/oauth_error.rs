//! Errors as RFC 6749 has them, in place of problems.

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use saoma_domain::services::{OpenIdError, ServiceError, SigningError};
use serde_json::json;

use crate::problem::AnsweredItself;

/// An error of the token endpoint and those beside it.
#[derive(Debug)]
pub(crate) struct OAuthError {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    challenge: Option<&'static str>,
    retry_after: Option<Duration>,
}

impl OAuthError {
    fn new(status: StatusCode, error: &'static str, description: &'static str) -> Self {
        Self { status, error, description, challenge: None, retry_after: None }
    }

    /// A parameter is missing, wrong or given twice.
    pub(crate) fn invalid_request(description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// It is not proven which client calls.
    pub(crate) fn invalid_client(by_header: bool) -> Self {
        let error =
            Self::new(StatusCode::UNAUTHORIZED, "invalid_client", "the client or its secret is wrong");
        Self { challenge: by_header.then_some("Basic realm=\"saoma\""), ..error }
    }

    /// This kind of grant is not known.
    pub(crate) fn unsupported_grant_type() -> Self {
        let description = "grant_type has to be authorization_code or refresh_token";
        Self::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", description)
    }

    /// Returns whether the caller did not prove which client it is.
    pub(crate) fn is_of_client(&self) -> bool {
        self.error == "invalid_client"
    }
}

impl From<OpenIdError> for OAuthError {
    fn from(error: OpenIdError) -> Self {
        match error {
            OpenIdError::InvalidGrant => {
                let description = "the code or token is wrong, used up, expired or another client's";
                Self::new(StatusCode::BAD_REQUEST, "invalid_grant", description)
            }
            OpenIdError::InvalidScope => {
                Self::new(StatusCode::BAD_REQUEST, "invalid_scope", "more is asked for than was granted")
            }
            OpenIdError::Service(error) => error.into(),
        }
    }
}

impl From<ServiceError> for OAuthError {
    fn from(error: ServiceError) -> Self {
        if let ServiceError::RateLimited { retry_after } = error {
            let limited =
                Self::new(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "too many calls");
            return Self { retry_after: Some(retry_after), ..limited };
        }
        tracing::error!(%error, "an OpenID client was not served: {error}");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try again in a moment")
    }
}

impl From<SigningError> for OAuthError {
    fn from(error: SigningError) -> Self {
        tracing::error!(%error, "no token was signed: {error}");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try again in a moment")
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.description)
    }
}

impl ResponseError for OAuthError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
        if let Some(challenge) = self.challenge {
            answer.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        let unavailable = self.status == StatusCode::SERVICE_UNAVAILABLE;
        if let Some(after) = self.retry_after.or(unavailable.then_some(Duration::from_secs(1))) {
            answer.insert_header((header::RETRY_AFTER, after.as_secs().max(1).to_string()));
        }
        let body = json!({"error": self.error, "error_description": self.description});
        AnsweredItself::mark(answer.json(body))
    }
}

/// Refuses a call with an access token that is not good (RFC 6750, section 3).
pub(crate) fn bearer_refused(was_shown: bool) -> HttpResponse {
    let challenge = match was_shown {
        true => {
            "Bearer realm=\"saoma\", error=\"invalid_token\", error_description=\"wrong, expired or ended\""
        }
        false => "Bearer realm=\"saoma\"",
    };
    let body = match was_shown {
        true => json!({"error": "invalid_token", "error_description": "wrong, expired or ended"}),
        false => json!({"error": "invalid_request", "error_description": "an access token is missing"}),
    };
    let mut answer = HttpResponse::Unauthorized();
    answer.insert_header((header::WWW_AUTHENTICATE, challenge));
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    AnsweredItself::mark(answer.json(body))
}
