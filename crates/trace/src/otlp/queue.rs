//! The queue of spans that have ended.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};
use tokio::sync::{mpsc, oneshot};

use super::counts::count_dropped;

/// What waits for the sender.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all are spans, which a box would only make dearer")]
pub(super) enum Waiting {
    /// A span that has ended.
    Span(SpanData),
    /// The end, and who is to be told that all before it was sent.
    End(oneshot::Sender<()>),
}

/// Puts spans into the queue, and drops those for which there is no room: no request waits for a collector.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) waiting: mpsc::Sender<Waiting>,
}

impl SpanProcessor for Queue {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.waiting.try_send(Waiting::Span(span)).is_err() {
            count_dropped();
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}
