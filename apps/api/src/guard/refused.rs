//! Why a guard refused a call.

use std::fmt;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use saoma_domain::services::ServiceError;

use super::{GuardParts, only_reads};
use crate::{
    extract::is_browser_navigation,
    middleware::{REQUEST_ID, RequestIds},
    pages::fits_cookie,
    problem::{ErrorCode, Problem},
};

/// Why a guard refused a call: a problem as the service itself answers it, most often 401 `session_invalid`.
///
/// A handler of your own that calls the service can have it as its error, so that `?` answers with the code of the contract:
///
/// ```
/// use actix_web::web::{Data, Json, Path};
/// use saoma_api::{
///     Saoma,
///     domain::{account::AccountId, actor::Actor, services::ServiceError},
///     guard::Refused,
/// };
///
/// async fn log_out_everywhere(id: Path<String>, saoma: Data<Saoma>) -> Result<Json<usize>, Refused> {
///     let id = AccountId::parse(&id).ok_or(ServiceError::AccountUnknown)?;
///     Ok(Json(saoma.accounts().end_sessions(id, Actor::Operator).await?))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refused {
    problem: Problem,
    request_id: HeaderValue,
}

impl Refused {
    pub(super) fn new(request: &HttpRequest, problem: Problem) -> Self {
        let ids = request.app_data::<RequestIds>();
        let request_id = ids.map_or(HeaderValue::from_static("-"), |ids| ids.of(request.headers()));
        problem.log(request_id.to_str().unwrap_or_default(), || "a guarded route".to_owned());
        Self { problem, request_id }
    }

    /// Returns the stable word of the contract, such as `session_invalid`.
    pub fn code(&self) -> &'static str {
        self.problem.code().as_str()
    }

    /// Returns the redirect to the login page, for a browser that goes to a page without a session.
    pub(super) fn to_login(&self, parts: &GuardParts, request: &HttpRequest) -> Option<HttpResponse> {
        let goes_to_page = only_reads(request) && is_browser_navigation(request);
        let needs_login =
            matches!(self.problem.code(), ErrorCode::SessionInvalid | ErrorCode::RecentLoginRequired);
        if !goes_to_page || !needs_login {
            return None;
        }
        let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
        // With an address that does not fit, a login by WeChat's own page would be refused.
        let can_be_kept = parts.return_addresses.allow(wanted) && fits_cookie(wanted);
        let back = can_be_kept.then_some(("return_to", wanted));
        let mut answer = HttpResponse::Found();
        answer
            .insert_header((header::LOCATION, parts.login_page.with(back.as_slice())))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        Some(answer.finish())
    }
}

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Self {
        let problem = Problem::from(error);
        problem.log("-", || "a route of the application".to_owned());
        Self { problem, request_id: HeaderValue::from_static("-") }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        self.problem.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let body = self.problem.body(self.request_id.to_str().unwrap_or_default());
        let mut answer = self.problem.error_response().set_body(BoxBody::new(body));
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(REQUEST_ID, self.request_id.clone());
        answer
    }
}
