//! The error answers: `application/problem+json` (RFC 9457) with a stable code.

mod service_errors;

use std::{fmt, time::Duration};

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use serde::Serialize;

/// The stable words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Code {
    BodyInvalid,
    BodyTooLarge,
    NotFound,
    MethodNotAllowed,
    LoginUnknown,
    LoginState,
    LoginClosed,
    AppUnknown,
    PhoneInvalid,
    SmsCodeWrong,
    SmsCodeExpired,
    PhoneTaken,
    LastIdentity,
    RateLimited,
    WechatDataInvalid,
    WechatCodeInvalid,
    WechatUnavailable,
    WechatRefused,
    OAuthStateInvalid,
    ReturnToRefused,
    SessionInvalid,
    RecentLoginRequired,
    OriginRefused,
    AccountDisabled,
    SmsUnavailable,
    StoreUnavailable,
    Internal,
}

impl Code {
    const fn parts(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::BodyInvalid => ("body_invalid", 422, "The request is not of the expected form"),
            Self::BodyTooLarge => ("body_too_large", 413, "The body is too large"),
            Self::NotFound => ("not_found", 404, "There is nothing here"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "The method is not allowed here"),
            Self::LoginUnknown => ("login_unknown", 404, "The login is unknown"),
            Self::LoginState => ("login_state", 409, "The login is in a state that does not allow it"),
            Self::LoginClosed => ("login_closed", 410, "The login is closed"),
            Self::AppUnknown => ("app_unknown", 422, "No such WeChat app is configured"),
            Self::PhoneInvalid => ("phone_invalid", 422, "Not a mobile phone number"),
            Self::SmsCodeWrong => ("sms_code_wrong", 422, "The code is wrong"),
            Self::SmsCodeExpired => ("sms_code_expired", 410, "The code has expired"),
            Self::PhoneTaken => ("phone_taken", 409, "The phone number belongs to another WeChat user"),
            Self::LastIdentity => ("last_identity", 409, "The last way into an account stays"),
            Self::RateLimited => ("rate_limited", 429, "Too many requests"),
            Self::WechatDataInvalid => ("wechat_data_invalid", 422, "WeChat's data is not valid"),
            Self::WechatCodeInvalid => ("wechat_code_invalid", 422, "WeChat's code is not valid"),
            Self::WechatUnavailable => ("wechat_unavailable", 503, "WeChat is unavailable"),
            Self::WechatRefused => ("wechat_refused", 502, "WeChat refused"),
            Self::OAuthStateInvalid => {
                ("oauth_state_invalid", 403, "The return from WeChat belongs to no login of this browser")
            }
            Self::ReturnToRefused => ("return_to_refused", 422, "The return address is not allowed"),
            Self::SessionInvalid => ("session_invalid", 401, "There is no valid session"),
            Self::RecentLoginRequired => ("login_too_old", 401, "The login is too old for this"),
            Self::OriginRefused => ("origin_refused", 403, "The origin of the call is not allowed"),
            Self::AccountDisabled => ("account_disabled", 403, "The account is disabled"),
            Self::SmsUnavailable => ("sms_unavailable", 503, "The SMS could not be sent"),
            Self::StoreUnavailable => ("store_unavailable", 503, "A store is unavailable"),
            Self::Internal => ("internal", 500, "Something went wrong on our side"),
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        self.parts().0
    }

    fn status(self) -> StatusCode {
        StatusCode::from_u16(self.parts().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// An error answer; what it says is for the client, what went wrong inside is logged where it happens.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    code: Code,
    status: StatusCode,
    detail: String,
    retry_after: Option<Duration>,
    attempts_left: Option<u32>,
    /// What went wrong inside, for the log.
    cause: Option<String>,
}

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
}

impl Problem {
    /// Returns the kind of problem.
    pub(crate) const fn code(&self) -> Code {
        self.code
    }

    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        let (status, detail) = (code.status(), detail.into());
        Self { code, status, detail, retry_after: None, attempts_left: None, cause: None }
    }

    /// Answers with another status than the code's usual one.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    fn retry_after(mut self, retry_after: Duration) -> Self {
        self.retry_after = Some(retry_after);
        self
    }

    fn because(mut self, cause: &impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Writes a failure of ours into the log; what a client did wrong is the client's to know.
    pub(crate) fn log(&self, request_id: &str, route: &str) {
        let (status, code) = (self.status.as_u16(), self.code.as_str());
        let cause = self.cause.as_deref().unwrap_or(&self.detail);
        if self.status.is_server_error() {
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
        let (code, _, title) = self.code.parts();
        let body = ProblemBody {
            r#type: format!("urn:saoma:problem:{code}"),
            title,
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code,
            request_id: request_id.to_owned(),
            attempts_left: self.attempts_left,
        };
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// Says in the contract's shape what the framework refused by itself.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::NOT_FOUND => Code::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
            status if status.is_client_error() => Code::BodyInvalid,
            _ => Code::Internal,
        };
        Self::new(code, code.parts().2).with_status(status)
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

    /// Leaves the body to the shell, which knows the request's id.
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
