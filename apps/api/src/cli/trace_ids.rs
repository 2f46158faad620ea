//! Lines of the log that name the trace which they belong to.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

/// Writes `trace_id` at the end of a line that was written in a trace.
pub(super) struct WithTraceId<F> {
    pub(super) format: F,
    pub(super) is_json: bool,
}

impl<S, N, F> FormatEvent<S, N> for WithTraceId<F>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(trace) = trace_id() else { return self.format.format_event(context, writer, event) };
        let mut line = String::new();
        self.format.format_event(context, Writer::new(&mut line), event)?;
        let line = line.trim_end_matches('\n');
        match line.strip_suffix('}').filter(|_| self.is_json) {
            Some(object) => writeln!(writer, "{object},\"trace_id\":\"{trace}\"}}"),
            None => writeln!(writer, "{line} trace_id={trace}"),
        }
    }
}

#[cfg(feature = "otlp")]
fn trace_id() -> Option<String> {
    saoma_trace::trace_id()
}

#[cfg(not(feature = "otlp"))]
fn trace_id() -> Option<String> {
    None
}
