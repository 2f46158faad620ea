//! Sends spans to an OpenTelemetry collector: OTLP over http, in protobuf.

mod counts;
mod queue;
mod resource;
mod sender;
mod settings;

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::{sync::mpsc, time::timeout};
use tracing::{Metadata, Subscriber, level_filters::LevelFilter, subscriber::Interest};
use tracing_subscriber::{Layer, filter::dynamic_filter_fn, layer::Context, registry::LookupSpan};

pub use counts::{SpanCounts, span_counts};
use queue::{Queue, Waiting};
use sender::Sender;
use settings::Settings;
pub use settings::TraceSettingError;

use super::{ROOT, TARGET};

/// Spans on their way to a collector.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
    waiting: mpsc::Sender<Waiting>,
}

impl Traces {
    /// Starts to send spans, where the standard variables of OpenTelemetry name a collector: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`. Call it within a Tokio runtime.
    ///
    /// # Errors
    /// [`TraceSettingError`] naming the variable that cannot be used.
    pub fn from_env() -> Result<Option<Self>, TraceSettingError> {
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let Some(settings) = Settings::of(read)? else { return Ok(None) };
        let resource = resource::of(read);
        let (waiting, spans) = mpsc::channel(settings.queue);
        tokio::spawn(Sender::new(settings, &resource)?.run(spans));
        let queue = Queue { waiting: waiting.clone() };
        // The sampler is what its variable says, which the settings have checked.
        let provider =
            SdkTracerProvider::builder().with_span_processor(queue).with_resource(resource).build();
        Ok(Some(Self { provider, waiting }))
    }

    /// Returns what takes the spans from `tracing`, for the subscriber of the process.
    ///
    /// ```no_run
    /// # fn start(traces: &saoma_trace::Traces) {
    /// use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};
    ///
    /// tracing_subscriber::registry().with(traces.layer()).with(tracing_subscriber::fmt::layer()).init();
    /// # }
    /// ```
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("saoma"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        layer.with_filter(
            dynamic_filter_fn(is_part_of_a_trace)
                .with_callsite_filter(
                    |of| if is_ours(of) { Interest::sometimes() } else { Interest::never() },
                )
                .with_max_level_hint(LevelFilter::DEBUG),
        )
    }

    /// Sends the spans that wait, for as long as this may take. Nothing is sent after it.
    pub async fn end(self, within: Duration) {
        let (sent, is_sent) = tokio::sync::oneshot::channel();
        let ending = async {
            if self.waiting.send(Waiting::End(sent)).await.is_ok() {
                let _ = is_sent.await;
            }
        };
        if timeout(within, ending).await.is_err() {
            tracing::warn!("traces: the collector did not take the last spans in time");
        }
    }
}

fn is_ours(of: &Metadata<'_>) -> bool {
    of.is_span() && (of.target() == ROOT || of.target() == TARGET)
}

/// Returns whether a span begins a trace, or there is one that it belongs to: work that no request or delivery led to, such as looking
/// for what is due, has none.
fn is_part_of_a_trace<S>(of: &Metadata<'_>, context: &Context<'_, S>) -> bool
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    is_ours(of) && (of.target() == ROOT || context.lookup_current().is_some())
}
