//! A path with the methods that it answers to.

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource, Responder, ResponseError, Route, guard, http::header, web,
};

use crate::{
    node::RouteAnswers,
    problem::{ErrorCode, Problem},
};

/// A path with the methods that it answers to; any other method is refused with 405.
pub(super) struct Endpoint {
    resource: Resource,
    allowed: Vec<&'static str>,
}

impl Endpoint {
    /// Makes an endpoint without methods.
    pub(super) fn at(path: &str) -> Self {
        Self { resource: web::resource(path).app_data(RouteAnswers::of(path)), allowed: Vec::new() }
    }

    /// Answers to GET, and to HEAD, which is the same without the body.
    pub(super) fn get<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let get_or_head = guard::Any(guard::Get()).or(guard::Head());
        self.with("GET, HEAD", web::route().guard(get_or_head).to(handler))
    }

    /// Answers to POST.
    pub(super) fn post<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with("POST", web::post().to(handler))
    }

    /// Answers to PUT.
    pub(super) fn put<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with("PUT", web::put().to(handler))
    }

    /// Answers to PATCH.
    pub(super) fn patch<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with("PATCH", web::patch().to(handler))
    }

    /// Answers to DELETE.
    pub(super) fn delete<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with("DELETE", web::delete().to(handler))
    }

    fn with(mut self, name: &'static str, route: Route) -> Self {
        self.allowed.push(name);
        Self { resource: self.resource.route(route), allowed: self.allowed }
    }

    /// Returns the endpoint, ready to be mounted.
    pub(super) fn done(self) -> Resource {
        let allowed = self.allowed.join(", ");
        let refuse = move || {
            let answer = method_not_allowed(&allowed);
            async move { answer }
        };
        self.resource.default_service(web::route().to(refuse))
    }
}

fn method_not_allowed(allowed: &str) -> HttpResponse {
    let mut answer =
        Problem::new(ErrorCode::MethodNotAllowed, format!("allowed here: {allowed}")).error_response();
    if let Ok(allowed) = header::HeaderValue::from_str(allowed) {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    answer
}
