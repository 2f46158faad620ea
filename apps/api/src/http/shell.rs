//! What wraps every answer: the request's id, the headers of a careful service, and problems in one shape.

use actix_web::{
    Error, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};

use super::{body::MAX_BODY, cors, problem::Problem};
use crate::state::State;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Pages bring a policy of their own; everything else may do nothing in a browser.
const NOTHING_ALLOWED: &str = "default-src 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::CONTENT_SECURITY_POLICY, NOTHING_ALLOWED),
];

pub(crate) async fn shell<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let state = request.app_data::<Data<State>>().cloned();
    let id = request_id(request.headers(), state.as_ref().map(|state| state.get_ref()));
    // As the router reads it: `/%761/` is `/v1/`.
    let private = request.match_info().as_str().starts_with("/v1/");
    // Handlers' errors come as answers, and the middleware below returns none of its own.
    let answer = if announces_too_much(&request) {
        let answer = Problem::from_status(StatusCode::PAYLOAD_TOO_LARGE).error_response();
        request.into_response(answer).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let mut answer = in_our_shape(answer, &id);
    if let Some(state) = &state {
        state.metrics.request(answer.request().match_pattern().as_deref(), answer.status());
    }
    dress(answer.headers_mut(), id, private, state.is_some_and(|state| state.config.server.is_https()));
    Ok(answer)
}

/// Whether a request says that its body is larger than any that is read.
fn announces_too_much(request: &ServiceRequest) -> bool {
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    announced.is_some_and(|length: u64| length > MAX_BODY)
}

/// Keeps a client's id when it is 1–64 characters of `[A-Za-z0-9_-]`, else draws one.
pub(crate) fn request_id(headers: &HeaderMap, state: Option<&State>) -> HeaderValue {
    let fits = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (1..=64).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    if let Some(given) = headers.get(&REQUEST_ID).filter(fits) {
        return given.clone();
    }
    let mut bytes = [0_u8; 16];
    if let Some(state) = state {
        state.random.fill(&mut bytes);
    }
    HeaderValue::from_str(&format!("{:032x}", u128::from_be_bytes(bytes)))
        .unwrap_or(HeaderValue::from_static("-"))
}

/// Writes the body of a problem, also of one that the framework has found by itself.
fn in_our_shape<B: MessageBody>(
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

fn dress(headers: &mut HeaderMap, id: HeaderValue, private: bool, https: bool) {
    headers.insert(REQUEST_ID, id);
    for (name, value) in ALWAYS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if private {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if https {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
}
