//! What every answer goes through on its way out.

use std::sync::Arc;

use actix_web::{
    Error, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use saoma_domain::ports::Random;

use super::{
    cors,
    request_id::{REQUEST_ID, request_id},
    security_headers::add_security_headers,
};
use crate::{extract::MAX_BODY, node::Metrics, problem::Problem};

/// What the middleware uses.
pub(crate) struct ResponseParts {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) is_https: bool,
}

/// Gives the request its id, writes the bodies of problems, counts the answer and adds the common headers.
///
/// # Errors
/// Those of what it wraps, which answers with problems instead.
pub(crate) async fn finish_response<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let parts = request.app_data::<Data<ResponseParts>>().cloned();
    let id = request_id(request.headers(), parts.as_ref().map(|parts| &*parts.random));
    // As the router reads it: `/%761/` is `/v1/`.
    let is_api = request.match_info().as_str().starts_with("/v1/");
    // Handlers' errors come as answers, and the middleware below returns none of its own.
    let answer = if announces_too_much(&request) {
        let answer = Problem::from_status(StatusCode::PAYLOAD_TOO_LARGE).error_response();
        request.into_response(answer).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let mut answer = with_problem_body(answer, &id);
    if let Some(parts) = &parts {
        parts.metrics.request(answer.request().match_pattern().as_deref(), answer.status());
    }
    let headers = answer.headers_mut();
    headers.insert(REQUEST_ID, id);
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    add_security_headers(headers, parts.is_some_and(|parts| parts.is_https));
    Ok(answer)
}

/// Returns whether a request says that its body is larger than any that is read.
fn announces_too_much(request: &ServiceRequest) -> bool {
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    announced.is_some_and(|length: u64| length > MAX_BODY)
}

/// Writes the body of a problem, also of one that the framework has found by itself.
fn with_problem_body<B: MessageBody>(
    answer: ServiceResponse<EitherBody<B, BoxBody>>,
    id: &HeaderValue,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let status = answer.status();
    if !status.is_client_error() && !status.is_server_error() {
        return answer;
    }
    let ours = answer.response().extensions().get::<Problem>().cloned();
    let problem = ours.unwrap_or_else(|| match *answer.request().method() {
        Method::OPTIONS if status == StatusCode::BAD_REQUEST => cors::refused(),
        _ => Problem::from_status(status),
    });
    let request_id = id.to_str().unwrap_or_default();
    problem.log(request_id, answer.request().match_pattern().as_deref().unwrap_or("no route"));
    let body = problem.body(request_id);
    let mut answer = answer.map_body(|_, _| EitherBody::right(BoxBody::new(body)));
    *answer.response_mut().status_mut() = problem.status_code();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.remove(header::CONTENT_LENGTH);
    answer
}
