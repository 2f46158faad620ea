//! Sends spans, a batch after the other.

use std::time::Duration;

use opentelemetry_proto::{
    tonic::collector::trace::v1::ExportTraceServiceRequest,
    transform::{
        common::tonic::ResourceAttributesWithSchema, trace::tonic::group_spans_by_resource_and_scope,
    },
};
use opentelemetry_sdk::{Resource, trace::SpanData};
use prost::Message as _;
use reqwest::{Client, StatusCode, header::CONTENT_TYPE, redirect::Policy};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout_at},
};

use super::{
    TraceSettingError,
    counts::{count_batch, span_counts},
    queue::Waiting,
    settings::{Settings, wrong},
};
use crate::http::error_type;

/// How long the sender rests before it sends a batch again that the collector could not take. New spans wait in the queue.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// How often the log says that spans are lost.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Sends spans.
pub(super) struct Sender {
    client: Client,
    settings: Settings,
    resource: ResourceAttributesWithSchema,
    silent_until: Option<Instant>,
    /// How many lost spans the log knows of.
    said: u64,
}

/// Why a batch was not taken.
struct Failure {
    reason: String,
    /// Whether another try may help.
    is_passing: bool,
}

impl Sender {
    pub(super) fn new(settings: Settings, resource: &Resource) -> Result<Self, TraceSettingError> {
        let failed = |error: &dyn std::fmt::Display| wrong(settings.variable, &error.to_string());
        let tls = saoma_tls::client_config(settings.endpoint.scheme() == "https");
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .timeout(settings.timeout)
            .tls_backend_preconfigured(tls.map_err(|error| failed(&error))?)
            .user_agent("saoma")
            .build()
            .map_err(|error| failed(&error.without_url()))?;
        Ok(Self { client, resource: resource.into(), settings, silent_until: None, said: 0 })
    }

    /// Sends what comes, until the end.
    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<Waiting>) {
        loop {
            let (batch, end) = self.gather(&mut waiting).await;
            let is_last = end.is_some() || waiting.is_closed();
            if !batch.is_empty() {
                self.send(batch, is_last).await;
            }
            if let Some(end) = end {
                let _ = end.send(());
            }
            if is_last {
                return;
            }
        }
    }

    /// Waits for a span, and a while for others; says whether the end came.
    async fn gather(
        &self,
        waiting: &mut mpsc::Receiver<Waiting>,
    ) -> (Vec<SpanData>, Option<oneshot::Sender<()>>) {
        let mut batch = Vec::new();
        let mut due = None;
        while batch.len() < self.settings.batch {
            let next = match due {
                None => waiting.recv().await,
                Some(due) => match timeout_at(due, waiting.recv()).await {
                    Ok(next) => next,
                    Err(_) => break,
                },
            };
            match next {
                Some(Waiting::Span(span)) => batch.push(span),
                Some(Waiting::End(told)) => return (batch, Some(told)),
                None => break,
            }
            due.get_or_insert_with(|| Instant::now() + self.settings.delay);
        }
        (batch, None)
    }

    async fn send(&mut self, batch: Vec<SpanData>, is_last: bool) {
        let spans = batch.len();
        let resource_spans = group_spans_by_resource_and_scope(batch, &self.resource);
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let mut pauses = PAUSES.iter().filter(|_| !is_last);
        let failure = loop {
            match self.try_send(body.clone()).await {
                Ok(()) => return count_batch(spans, true),
                Err(failure) if failure.is_passing => match pauses.next() {
                    Some(pause) => sleep(*pause).await,
                    None => break failure,
                },
                Err(failure) => break failure,
            }
        };
        count_batch(spans, false);
        self.complain(&failure.reason);
    }

    async fn try_send(&self, body: Vec<u8>) -> Result<(), Failure> {
        let request = self.client.post(self.settings.endpoint.clone()).headers(self.settings.headers.clone());
        let request = request.header(CONTENT_TYPE, "application/x-protobuf").body(body);
        let answer = request.send().await.map_err(|error| Failure {
            reason: match error_type(&error) {
                "timeout" => format!("no answer within {} ms", self.settings.timeout.as_millis()),
                "connect" => "it cannot be reached".to_owned(),
                _ => "it broke the connection".to_owned(),
            },
            is_passing: true,
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let is_passing = matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        );
        Err(Failure { reason: format!("it answered {}", status.as_u16()), is_passing })
    }

    /// Says once a minute that spans are lost, and how many.
    fn complain(&mut self, reason: &str) {
        let now = Instant::now();
        if self.silent_until.is_some_and(|until| now < until) {
            return;
        }
        self.silent_until = Some(now + SAID_EVERY);
        let counts = span_counts();
        let lost = (counts.dropped + counts.refused).saturating_sub(self.said);
        self.said += lost;
        let url = &self.settings.endpoint;
        let port = url.port_or_known_default().unwrap_or_default();
        // A query or a name before the host may be a secret.
        let address = format!("{}:{port}{}", url.host_str().unwrap_or_default(), url.path());
        tracing::warn!(lost, "traces: {address}: {reason}; {lost} spans are lost");
    }
}
