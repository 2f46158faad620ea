//! What every answer goes through on its way out.

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
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
    request_body::{BeforeRest, read_body},
    request_id::{REQUEST_ID, request_id},
    security_headers::add_security_headers,
};
use crate::{
    auth::AdminHosts,
    node::{Metrics, Urgency, puts_off},
    pages::{ForPeople, LoginPage},
    problem::{ErrorCode, Problem},
};

/// What the middleware uses.
pub(crate) struct ResponseParts {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) login_page: Arc<LoginPage>,
    pub(crate) is_https: bool,
}

/// Gives the request its id, writes the bodies of problems, counts the answer and adds the common headers.
///
/// # Errors
/// Those of what it wraps, which answers with problems instead.
pub(crate) async fn finish_response<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let parts = request.app_data::<Data<ResponseParts>>().cloned();
    let id = request_id(request.headers(), parts.as_ref().map(|parts| &*parts.random));
    // As the router reads it: `/%761/` is `/v1/`.
    let is_api = request.match_info().as_str().starts_with("/v1/");
    // Handlers' errors come as answers, and the middleware below returns none of its own.
    let mut answer = match admit(&mut request).await {
        Ok(()) => with_problem_body(next.call(request).await?.map_into_left_body(), &id, parts.as_ref()),
        Err((problem, rest)) => {
            let answer = request.into_response(problem.error_response()).map_into_right_body();
            with_problem_body(answer, &id, parts.as_ref()).map_body(|_, body: EitherBody<B>| {
                EitherBody::right(BoxBody::new(BeforeRest { answer: BoxBody::new(body), _rest: rest }))
            })
        }
    };
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

/// Takes a request in before its endpoint is called: the operator's listener looks at the host, and a node that has too
/// much to do puts off what can be put off.
async fn admit(request: &mut ServiceRequest) -> Result<(), (Problem, Payload)> {
    let hosts = request.app_data::<Data<AdminHosts>>();
    if let Some(Err(problem)) = hosts.map(|hosts| hosts.check(request.head())) {
        return Err((problem, request.take_payload()));
    }
    read_body(request).await?;
    if puts_off(urgency(request)) {
        return Err((Problem::new(ErrorCode::Overloaded, "try again in a moment"), Payload::None));
    }
    Ok(())
}

fn urgency(request: &ServiceRequest) -> Urgency {
    let path = request.path();
    match (request.method(), path) {
        (&Method::POST, "/v1/logins") | (_, "/v1/oauth/authorize") => Urgency::NewLogin,
        (&Method::GET, "/v1/session") => Urgency::Wait,
        (&Method::GET, _) if path.starts_with("/v1/logins/") => Urgency::Wait,
        (_, "/healthz" | "/readyz" | "/metrics") => Urgency::Never,
        _ if path.starts_with("/wechat/") => Urgency::Never,
        _ => Urgency::Step,
    }
}

/// Writes the body of a problem, also of one that the framework has found by itself.
fn with_problem_body<B: MessageBody>(
    answer: ServiceResponse<EitherBody<B, BoxBody>>,
    id: &HeaderValue,
    parts: Option<&Data<ResponseParts>>,
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
    let for_people = parts.and_then(|parts| ForPeople::of(answer.request(), &problem, &parts.login_page));
    let (status, kind, body) = match &for_people {
        None => (problem.status_code(), "application/problem+json", problem.body(request_id)),
        Some(ForPeople::Page(page)) => {
            (problem.status_code(), "text/html; charset=utf-8", page.as_bytes().to_vec())
        }
        Some(ForPeople::LoginPage(_)) => (StatusCode::FOUND, "text/html; charset=utf-8", Vec::new()),
    };
    let mut answer = answer.map_body(|_, _| EitherBody::right(BoxBody::new(body)));
    *answer.response_mut().status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.remove(header::CONTENT_LENGTH);
    if let Some(ForPeople::LoginPage(address)) = for_people
        && let Ok(address) = HeaderValue::try_from(address)
    {
        headers.insert(header::LOCATION, address);
    }
    answer
}
