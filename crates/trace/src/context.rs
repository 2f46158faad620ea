//! The trace that this code runs in.

use opentelemetry::{
    Context,
    propagation::{Extractor, TextMapPropagator as _},
    trace::{SpanContext, TraceContextExt as _},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Returns the id of the trace that this code runs in, as 32 hexadecimal digits, for a line of the log.
pub fn trace_id() -> Option<String> {
    current().map(|span| span.trace_id().to_string())
}

/// Returns the current span as the header `traceparent` names it (W3C Trace Context, version 00).
pub(crate) fn traceparent() -> Option<String> {
    let span = current()?;
    Some(format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8()))
}

/// Renames the current span. The layer for `tracing` takes a name only before a span is entered.
pub(crate) fn rename(name: String) {
    Context::map_current(|context| context.span().update_name(name));
}

fn current() -> Option<SpanContext> {
    Context::map_current(|context| context.has_active_span().then(|| context.span().span_context().clone()))
        .filter(SpanContext::is_valid)
}

/// Makes a span that was not entered yet a part of the trace that a header `traceparent` names. One that cannot be read is none.
pub fn continue_from(span: &Span, traceparent: &str) {
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Header(traceparent));
    // Without a subscriber that makes traces there is nothing to continue.
    let _ = span.set_parent(parent);
}

/// The one header that is read. `tracestate` is not: nothing here writes it.
struct Header<'h>(&'h str);

impl Extractor for Header<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}
