//! Calls of other systems by HTTP.

use reqwest::{RequestBuilder, Response};
use tracing::{Instrument as _, field::Empty};

/// Whose system is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// The site's own: it is told of which trace the call is a part (`traceparent`), so that its own spans become part of it.
    Own,
    /// Another one's, which is told nothing.
    Foreign,
}

/// Sends a request in a span, which is called by the method and by `what` it is sent to: a path that holds nothing of a person, or
/// a word.
///
/// # Errors
/// Those of the client.
pub async fn send(request: RequestBuilder, what: &str, callee: Callee) -> Result<Response, reqwest::Error> {
    let (client, request) = request.build_split();
    let request = request?;
    let span = tracing::debug_span!(
        target: super::TARGET,
        "http",
        otel.kind = "client",
        otel.name = format!("{} {what}", request.method()),
        http.request.method = request.method().as_str(),
        server.address = request.url().host_str(),
        server.port = request.url().port_or_known_default().map(i64::from),
        http.response.status_code = Empty,
        otel.status_code = Empty,
        "error.type" = Empty,
    );
    // Within the span, which is the parent of the spans of the system that is called.
    let sent = async move { client.execute(with_parent(request, callee)).await };
    let answer = sent.instrument(span.clone()).await;
    match &answer {
        Ok(answer) => {
            let status = answer.status();
            // As OpenTelemetry knows numbers; the layer makes a text of any other kind.
            span.record("http.response.status_code", i64::from(status.as_u16()));
            if status.is_client_error() || status.is_server_error() {
                super::fail(&span, status.as_str());
            }
        }
        Err(error) => super::fail(&span, error_type(error)),
    }
    answer
}

/// Returns a word for why there is no answer.
pub fn error_type(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "broken_off"
    }
}

/// Adds the header that names the current span, where there is one and the system may know it.
#[cfg(feature = "otlp")]
fn with_parent(mut request: reqwest::Request, callee: Callee) -> reqwest::Request {
    let parent = (callee == Callee::Own).then(super::context::traceparent).flatten();
    if let Some(parent) = parent.and_then(|parent| parent.try_into().ok()) {
        request.headers_mut().insert("traceparent", parent);
    }
    request
}

/// Leaves the request as it is: no span has a number that another system could be told.
#[cfg(not(feature = "otlp"))]
fn with_parent(request: reqwest::Request, _callee: Callee) -> reqwest::Request {
    request
}
