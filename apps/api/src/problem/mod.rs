//! Error answers: `application/problem+json` (RFC 9457) with a stable code.

mod answered_itself;
mod error_code;
mod service_errors;

pub(crate) use answered_itself::{AnsweredItself, OAUTH_BODY, oauth_body};
pub(crate) use error_code::ErrorCode;

use std::{borrow::Cow, fmt, time::Duration};

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use serde::Serialize;

use crate::dto::{ChallengeBody, CheckBody, MERGE_BY};
use crate::node::LogBudget;
use crate::wechat_events::RefusedCallback;

/// An error answer. Its detail is for the client; its cause is for the log alone.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    code: ErrorCode,
    status: StatusCode,
    detail: Cow<'static, str>,
    retry_after: Option<Duration>,
    attempts_left: Option<u32>,
    /// What the client has to do to show that it is no machine.
    check: Option<Box<CheckBody>>,
    /// The site's word for why it refuses a person.
    refusal: Option<String>,
    /// Whether the client may merge the account that is in the way into its own.
    offers_merge: bool,
    /// The cause, for the log.
    cause: Option<String>,
    /// The callback that was refused, for the log.
    refused_callback: Option<Box<RefusedCallback>>,
}

/// As long as most bodies are, so that writing one takes one allocation.
const USUAL_BYTES: usize = 384;

/// The JSON of an error answer.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ProblemBody {
    /// A URI for the kind of problem.
    r#type: String,
    /// The kind of problem in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong with this request.
    detail: String,
    /// A stable word for the kind of problem.
    code: &'static str,
    /// The id of the request, as in `X-Request-Id`.
    request_id: String,
    /// How many tries an SMS code has left.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_left: Option<u32>,
    /// A new check against machines, as `GET /v1/check` gives it; of `check_failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<ChallengeBody>,
    /// The site's own word for why it does not admit the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    /// By what the person can prove the account that is in the way, to merge it into their own: `sms`, `scan`; of `phone_taken` in a
    /// session.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merge_by: Vec<&'static str>,
}

impl Problem {
    /// Returns the kind of problem.
    pub(crate) const fn code(&self) -> ErrorCode {
        self.code
    }

    /// Returns whether the server failed, or what it depends on.
    pub(crate) fn is_of_server(&self) -> bool {
        self.status.is_server_error()
    }

    /// Makes a problem with the usual status of its code.
    pub(crate) fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let (status, detail) = (code.status(), detail.into());
        Self {
            code,
            status,
            detail,
            retry_after: None,
            attempts_left: None,
            check: None,
            refusal: None,
            offers_merge: false,
            cause: None,
            refused_callback: None,
        }
    }

    /// Sets another status than the usual one of the code.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets how long the client has to wait before it tries again.
    fn retry_after(mut self, retry_after: Duration) -> Self {
        self.retry_after = Some(retry_after);
        self
    }

    /// Sets how many tries an SMS code has left.
    fn attempts_left(mut self, attempts_left: u32) -> Self {
        self.attempts_left = Some(attempts_left);
        self
    }

    /// Adds a new check against machines.
    pub(crate) fn with_check(mut self, check: CheckBody) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    /// Sets the site's word for why it refuses a person.
    fn refused_by_site(mut self, code: String) -> Self {
        self.refusal = Some(code);
        self
    }

    /// Says of a taken number in a session how its account can be merged into that of the session.
    pub(crate) fn with_merge_offered(mut self) -> Self {
        if self.code == ErrorCode::PhoneTaken {
            self.offers_merge = true;
            self.detail = "another account has the number; where it is yours, too, merge it into this one: \
                           POST /v1/session/merge with this code shows first what would move, and \
                           POST /v1/logins/{id}/merge does so for a login by its WeChat"
                .into();
        }
        self
    }

    /// Sets the cause, for the log.
    pub(crate) fn because(mut self, cause: &impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Sets the callback that was refused, for the log.
    pub(crate) fn warned(mut self, refused: Option<Box<RefusedCallback>>) -> Self {
        self.refused_callback = refused;
        self
    }

    /// Logs a refused callback, and a failure of the server (5xx). A mistake of the client is only told to the client.
    pub(crate) fn log(&self, request_id: &str, route: impl FnOnce() -> String) {
        if let Some(refused) = &self.refused_callback {
            refused.log(request_id);
        }
        let (status, code) = (self.status.as_u16(), self.code.as_str());
        let cause = self.cause.as_deref().unwrap_or(&self.detail);
        if self.code == ErrorCode::Overloaded {
            static BUDGET: LogBudget = LogBudget::new();
            if let Some(withheld) = BUDGET.spend() {
                let route = route();
                tracing::warn!(
                    withheld,
                    http.route = route,
                    "this node has too much to do: {route} was put off"
                );
            }
        } else if self.is_of_server() {
            let route = route();
            tracing::error!(
                request.id = request_id,
                http.route = route,
                http.status = status,
                error.code = code,
                "{route} failed with {status} {code}: {cause}"
            );
        }
    }

    /// Returns the JSON of the answer.
    pub(crate) fn body(&self, request_id: &str) -> Vec<u8> {
        let (code, title) = (self.code.as_str(), self.code.title());
        let body = ProblemBody {
            r#type: format!("urn:saoma:problem:{code}"),
            title,
            status: self.status.as_u16(),
            detail: self.detail.to_string(),
            code,
            request_id: request_id.to_owned(),
            attempts_left: self.attempts_left,
            kind: self.check.as_ref().map(|check| check.kind),
            challenge: self.check.as_ref().and_then(|check| check.challenge.clone()),
            refusal: self.refusal.clone(),
            merge_by: if self.offers_merge { MERGE_BY.to_vec() } else { Vec::new() },
        };
        let mut text = Vec::with_capacity(USUAL_BYTES);
        // Fails only for maps whose keys are no texts.
        let _ = serde_json::to_writer(&mut text, &body);
        text
    }

    /// Returns the problem for a status that the framework has set by itself.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::NOT_FOUND => ErrorCode::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::BodyTooLarge,
            status if status.is_client_error() => ErrorCode::BodyInvalid,
            _ => ErrorCode::Internal,
        };
        Self::new(code, code.title()).with_status(status)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// Leaves the body to the middleware, which knows the request's id.
    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::new(self.status);
        let unavailable = self.status == StatusCode::SERVICE_UNAVAILABLE;
        let retry_after = self.retry_after.or(unavailable.then_some(Duration::from_secs(1)));
        if let Some(retry_after) = retry_after {
            let secs = retry_after.as_millis().div_ceil(1000).max(1);
            answer.headers_mut().insert(header::RETRY_AFTER, secs_header(secs));
        }
        answer.extensions_mut().insert(self.clone());
        answer
    }
}

fn secs_header(secs: u128) -> header::HeaderValue {
    header::HeaderValue::from(u64::try_from(secs).unwrap_or(u64::MAX))
}
