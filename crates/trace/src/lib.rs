//! The spans of Saoma's traces: what they are called, and how they reach a collector.
//!
//! Spans are made with `tracing`, at level `DEBUG` and with the target [`TARGET`]. Where no subscriber wants them, one costs as much as
//! a line of the log that is not written: nothing that can be measured. A span has names, numbers and words of the code, such as
//! a route, a table's kind of work, an error code. It never has what a person, a client or WeChat sent: no phone number, openid,
//! token, secret, query or path.
//!
//! | module | what it has |
//! | --- | --- |
//! | `http` | calls of other systems by HTTP |
//! | `context` | the trace that this code runs in: for the log, and from and to other systems |
//! | `otlp` | sends spans to an OpenTelemetry collector |

#![deny(missing_docs)]

#[cfg(feature = "otlp")]
mod context;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "otlp")]
mod otlp;

#[cfg(feature = "otlp")]
pub use context::{continue_from, trace_id};
#[cfg(feature = "http")]
pub use http::{Callee, error_type, send};
#[cfg(feature = "otlp")]
pub use otlp::{SpanCounts, TraceSettingError, Traces, span_counts};

/// The target of spans, which are part of a trace where one was begun: `saoma_span=off` hides them from a subscriber.
pub const TARGET: &str = "saoma_span";

/// The target of spans that begin a trace: a request, a delivery in the background.
pub const ROOT: &str = "saoma_span::root";

/// Gives the span that this code runs in a name which is known only now. The span has to have the field `otel.name`.
pub fn rename(span: &tracing::Span, name: &str) {
    span.record("otel.name", name);
    #[cfg(feature = "otlp")]
    context::rename(name.to_owned());
}

/// Says of a span that what it covers failed, in a word. The span has to have these fields, empty.
pub fn fail(span: &tracing::Span, error_type: &str) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", error_type);
}
