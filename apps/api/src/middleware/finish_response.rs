//! What every answer goes through on its way out.

use std::{rc::Rc, sync::Arc};

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
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

use super::{
    cors,
    hot_routes::HotRoutes,
    request_body::{BeforeRest, read_body},
    request_id::{REQUEST_ID, RequestIds},
    request_span::{note_answer, request_span},
    security_headers::SecurityHeaders,
};
use crate::{
    auth::AdminHosts,
    config::Mount,
    login_watch::log_note,
    node::{Metrics, RouteAnswers, Urgency, puts_off},
    pages::{ForPeople, LoginPage},
    problem::{AnsweredItself, ErrorCode, OAUTH_BODY, Problem, oauth_body},
};

/// What the middleware uses on one worker.
pub(crate) struct ResponseParts {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) login_page: Arc<LoginPage>,
    pub(crate) mount: Mount,
    pub(crate) ids: RequestIds,
    pub(crate) security_headers: SecurityHeaders,
    /// Absent on the operator's listener, which does not have them, and where answers need the headers of CORS, which are added
    /// behind the router.
    pub(crate) hot: Option<HotRoutes>,
    /// Counts the answers for paths that do not exist.
    pub(crate) unrouted: RouteAnswers,
}

/// Gives the request its id and its span, writes the bodies of problems, counts the answer and adds the common headers.
///
/// # Errors
/// Those of what it wraps, which answers with problems instead.
pub(crate) async fn finish_response<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let Some(parts) = request.app_data::<Rc<ResponseParts>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let id = parts.ids.of(request.headers());
    let span = request_span(&request, &id, parts.security_headers.is_https);
    answer(request, next, &parts, id, &span).instrument(span.clone()).await
}

async fn answer<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
    parts: &ResponseParts,
    id: HeaderValue,
    span: &Span,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let began = Instant::now();
    let hot = parts.hot.as_ref().and_then(|routes| Some((routes, routes.find(&request)?)));
    // As the router reads it: `/%761/` is `/v1/`.
    let is_api = parts.mount.endpoint(request.match_info().as_str()).starts_with("/v1/");
    // Handlers' errors come as answers, and the middleware below returns none of its own.
    let mut answer = match (admit(&mut request, &parts.mount).await, hot) {
        (Ok(()), Some((routes, route))) => {
            with_problem_body(routes.call(route, request).await.map_into_right_body(), &id, parts)
        }
        (Ok(()), None) => with_problem_body(next.call(request).await?.map_into_left_body(), &id, parts),
        (Err((problem, rest)), _) => {
            let answer = request.into_response(problem.error_response()).map_into_right_body();
            with_problem_body(answer, &id, parts).map_body(|_, body: EitherBody<B>| {
                EitherBody::right(BoxBody::new(BeforeRest { answer: BoxBody::new(body), _rest: rest }))
            })
        }
    };
    log_note(answer.request(), id.to_str().unwrap_or_default(), span);
    let (status, called) = (answer.status(), answer.request());
    let answers = hot.map_or_else(|| route_of(&answer, parts), |(routes, route)| routes.answers(route));
    answers.count(&parts.metrics, called.method(), status, began.elapsed());
    note_answer(span, called, &parts.mount, answers.route(), status);
    let headers = answer.headers_mut();
    headers.insert(REQUEST_ID, id);
    // What is the same for every client says how long it is good for.
    if is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    match hot {
        Some(_) => parts.security_headers.set(headers),
        None => parts.security_headers.add(headers),
    }
    Ok(answer)
}

/// Returns the route that has answered.
fn route_of<'a, B>(answer: &'a ServiceResponse<B>, parts: &'a ResponseParts) -> &'a RouteAnswers {
    answer.request().app_data::<RouteAnswers>().unwrap_or(&parts.unrouted)
}

/// Takes a request in before its endpoint is called: the operator's listener looks at the host, and a node that has too
/// much to do puts off what can be put off.
async fn admit(request: &mut ServiceRequest, mount: &Mount) -> Result<(), (Problem, Payload)> {
    let hosts = request.app_data::<Data<AdminHosts>>();
    if let Some(Err(problem)) = hosts.map(|hosts| hosts.check(request.head())) {
        return Err((problem, request.take_payload()));
    }
    read_body(request).await?;
    if puts_off(urgency(request.method(), mount.endpoint(request.path()))) {
        return Err((Problem::new(ErrorCode::Overloaded, "try again in a moment"), Payload::None));
    }
    Ok(())
}

fn urgency(method: &Method, path: &str) -> Urgency {
    match (method, path) {
        (&Method::POST, "/v1/logins") | (_, "/v1/oauth/authorize") => Urgency::NewLogin,
        (&Method::GET, "/v1/session" | "/v1/forward-auth") => Urgency::Wait,
        (&Method::GET, _) if path.starts_with("/v1/logins/") => Urgency::Wait,
        // A person who is logged in waits for what the site's own system asks.
        _ if path.starts_with("/v1/admin/") => Urgency::Wait,
        (_, "/healthz" | "/readyz" | "/metrics") => Urgency::Never,
        _ if path.starts_with("/wechat/") => Urgency::Never,
        _ => Urgency::Step,
    }
}

/// Writes the body of an error of RFC 6749.
fn with_oauth_body<B: MessageBody>(
    answer: ServiceResponse<EitherBody<B, BoxBody>>,
    status: StatusCode,
    body: Vec<u8>,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let mut answer = answer.map_body(|_, _| EitherBody::right(BoxBody::new(body)));
    *answer.response_mut().status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, OAUTH_BODY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.remove(header::CONTENT_LENGTH);
    answer
}

/// Writes the body of a problem, also of one that the framework has found by itself.
fn with_problem_body<B: MessageBody>(
    mut answer: ServiceResponse<EitherBody<B, BoxBody>>,
    id: &HeaderValue,
    parts: &ResponseParts,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let status = answer.status();
    if !status.is_client_error() && !status.is_server_error() {
        return answer;
    }
    if AnsweredItself::is_mark_of(answer.response()) {
        return answer;
    }
    let ours = answer.response_mut().extensions_mut().remove::<Problem>();
    let problem = ours.unwrap_or_else(|| match *answer.request().method() {
        Method::OPTIONS if status == StatusCode::BAD_REQUEST => cors::refused(),
        _ => Problem::from_status(status),
    });
    let request_id = id.to_str().unwrap_or_default();
    problem.log(request_id, || answer.request().match_pattern().unwrap_or_else(|| "no route".to_owned()));
    let endpoint = parts.mount.endpoint(answer.request().path()).to_owned();
    if let Some(body) = oauth_body(&endpoint, &problem) {
        return with_oauth_body(answer, problem.status_code(), body);
    }
    let for_people = ForPeople::of(answer.request(), &problem, &parts.login_page, &parts.mount);
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
