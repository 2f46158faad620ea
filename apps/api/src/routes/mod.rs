//! The endpoints, one file each.

mod assets;
pub(crate) mod callback;
pub(crate) mod logins;
mod ops;
pub(crate) mod sessions;

pub(crate) use ops::{admin, openapi_json};

use actix_web::{
    HttpResponse, Resource, Responder, Route, guard,
    http::{Method, header},
    web,
};

use crate::http::problem::{Code, Problem};

/// Registers every endpoint of the public listener.
pub(crate) fn public(config: &mut web::ServiceConfig, page_at_root: bool) {
    logins::register(config);
    sessions::register(config);
    callback::register(config);
    assets::register(config, page_at_root);
    ops::register(config);
}

/// Makes a route for GET, and for HEAD, which is the same without the body.
fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Makes a resource out of its methods; any other method is answered with 405.
fn resource(path: &str, routes: Vec<(Method, Route)>) -> Resource {
    let names =
        routes.iter().map(|(method, _)| if method == Method::GET { "GET, HEAD" } else { method.as_str() });
    let allowed = names.collect::<Vec<_>>().join(", ");
    let refuse = move || {
        let allowed = allowed.clone();
        async move { method_not_allowed(&allowed) }
    };
    routes
        .into_iter()
        .fold(web::resource(path), |resource, (_, route)| resource.route(route))
        .default_service(web::route().to(refuse))
}

fn method_not_allowed(allowed: &str) -> HttpResponse {
    let problem = Problem::new(Code::MethodNotAllowed, format!("allowed here: {allowed}"));
    let mut answer = actix_web::ResponseError::error_response(&problem);
    if let Ok(allowed) = header::HeaderValue::from_str(allowed) {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    answer
}

/// Answers for a path that does not exist.
pub(crate) async fn not_found() -> impl Responder {
    let problem = Problem::new(Code::NotFound, "no endpoint has this path");
    actix_web::ResponseError::error_response(&problem)
}
