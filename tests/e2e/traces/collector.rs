//! A collector that reads OTLP as it comes over http, and can refuse or never answer. Beside it stands a system of the site, which keeps
//! the headers that it is called with.

use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{Bytes, Data, post},
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use prost::Message as _;
use tokio::task::JoinHandle;

use crate::harness::eventually;

/// What the collector does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Takes,
    Refuses,
    NeverAnswers,
}

struct State {
    mood: Mood,
    bodies: Mutex<Vec<Vec<u8>>>,
    headers: Mutex<Vec<String>>,
    hooked: Mutex<Vec<Option<String>>>,
    calls: AtomicUsize,
}

/// A running collector; it is gone when it is dropped.
pub(super) struct Collector {
    pub(super) url: String,
    state: Arc<State>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Collector {
    pub(super) fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            mood,
            bodies: Mutex::default(),
            headers: Mutex::default(),
            hooked: Mutex::default(),
            calls: AtomicUsize::new(0),
        });
        let data = Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/v1/traces", post().to(collected))
                .route("/hook", post().to(hooked))
        });
        let server = tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { url, state, server }
    }

    /// Returns everything that was sent, as it came.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.state.bodies.lock().unwrap().concat()
    }

    /// Returns how often it was called.
    pub(super) fn calls(&self) -> usize {
        self.state.calls.load(Ordering::Relaxed)
    }

    /// Returns the header `authorization` of each call.
    pub(super) fn authorizations(&self) -> Vec<String> {
        self.state.headers.lock().unwrap().clone()
    }

    /// Returns the header `traceparent` of each call of the site's own system.
    pub(super) fn traceparents(&self) -> Vec<Option<String>> {
        self.state.hooked.lock().unwrap().clone()
    }

    fn requests(&self) -> Vec<ExportTraceServiceRequest> {
        let bodies = self.state.bodies.lock().unwrap();
        bodies.iter().map(|body| ExportTraceServiceRequest::decode(&**body).unwrap()).collect()
    }

    /// Returns what it was told of who sends.
    pub(super) fn resource(&self, key: &str) -> Option<String> {
        let requests = self.requests();
        let resource = requests.first()?.resource_spans.first()?.resource.as_ref()?;
        text_of(&resource.attributes, key)
    }

    /// Returns all spans.
    pub(super) fn spans(&self) -> Vec<Span> {
        let resources = self.requests().into_iter().flat_map(|request| request.resource_spans);
        resources.flat_map(|of| of.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    /// Waits for a span of this name.
    pub(super) async fn span(&self, name: &str) -> Span {
        let found = || self.spans().into_iter().find(|span| span.name == name);
        eventually("the span is sent", async || found()).await
    }

    /// Waits for the span of this name that is a child of another one.
    pub(super) async fn child_of(&self, parent: &Span, name: &str) -> Span {
        let is_child = |span: &Span| span.name == name && span.parent_span_id == parent.span_id;
        let child = eventually("the child is sent", async || self.spans().into_iter().find(is_child)).await;
        assert_eq!(child.trace_id, parent.trace_id);
        child
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Returns an attribute of a span that is a number.
pub(super) fn number(span: &Span, key: &str) -> Option<i64> {
    let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
    let value = found.value.as_ref()?.value.as_ref()?;
    if let Value::IntValue(number) = value { Some(*number) } else { panic!("{key} is {value:?}") }
}

/// Returns an attribute of a span that is a text.
pub(super) fn attribute(span: &Span, key: &str) -> Option<String> {
    text_of(&span.attributes, key)
}

fn text_of(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    let value = found.value.as_ref()?.value.as_ref()?;
    if let Value::StringValue(text) = value { Some(text.clone()) } else { panic!("{key} is {value:?}") }
}

async fn collected(state: Data<State>, request: HttpRequest, body: Bytes) -> HttpResponse {
    state.calls.fetch_add(1, Ordering::Relaxed);
    match state.mood {
        Mood::NeverAnswers => std::future::pending().await,
        Mood::Refuses => HttpResponse::Forbidden().finish(),
        Mood::Takes => {
            assert_eq!(request.headers().get("content-type").unwrap(), "application/x-protobuf");
            let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
            state.headers.lock().unwrap().push(authorization.unwrap_or_default().to_owned());
            state.bodies.lock().unwrap().push(body.to_vec());
            HttpResponse::Ok().content_type("application/x-protobuf").finish()
        }
    }
}

async fn hooked(state: Data<State>, request: HttpRequest) -> HttpResponse {
    let parent = request.headers().get("traceparent").map(|value| value.to_str().unwrap().to_owned());
    state.hooked.lock().unwrap().push(parent);
    HttpResponse::Ok().finish()
}
