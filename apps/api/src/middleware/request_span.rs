//! The span of a request in a trace.

use actix_web::{
    HttpRequest,
    dev::ServiceRequest,
    http::{StatusCode, header::HeaderValue},
};
use tracing::{Span, field::Empty};

use super::hot_routes::login_in;
use crate::{config::Mount, node::method_name};

/// Returns the span of a request. It has no path, query, address or agent: a path may hold what only its client knows.
pub(super) fn request_span(request: &ServiceRequest, id: &HeaderValue, is_https: bool) -> Span {
    let span = tracing::debug_span!(
        target: saoma_trace::ROOT,
        "request",
        otel.kind = "server",
        otel.name = method_name(request.method()),
        http.request.method = method_name(request.method()),
        http.route = Empty,
        http.response.status_code = Empty,
        url.path = Empty,
        url.scheme = if is_https { "https" } else { "http" },
        request.id = id.to_str().unwrap_or_default(),
        login.id = Empty,
        otel.status_code = Empty,
        "error.type" = Empty,
    );
    #[cfg(feature = "otlp")]
    if !span.is_disabled()
        && crate::extract::is_behind_trusted_proxy(request.request())
        && let Some(parent) = request.headers().get("traceparent").and_then(|value| value.to_str().ok())
    {
        saoma_trace::continue_from(&span, parent);
    }
    span
}

/// Says of a request's span which route has answered it, and how.
pub(super) fn note_answer(
    span: &Span,
    request: &HttpRequest,
    mount: &Mount,
    route: &str,
    status: StatusCode,
) {
    if span.is_disabled() {
        return;
    }
    saoma_trace::rename(span, &format!("{} {route}", method_name(request.method())));
    span.record("http.route", route);
    // OpenTelemetry wants a path, and that it tells nothing that is to be kept.
    span.record("url.path", route);
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        saoma_trace::fail(span, status.as_str());
    }
    // What stands in this place of a path is a login's id only where the answer says so.
    if status.is_success()
        && let Some(id) = login_in(mount.endpoint(request.path()))
    {
        span.record("login.id", id);
    }
}
