//! How many spans of traces a collector took, and how many it did not.

use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, NoLabelSet},
    metrics::MetricType,
};

/// Encodes the counters of the process, which are those of all services in it.
#[derive(Debug)]
pub(super) struct SpanCounters;

impl Collector for SpanCounters {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let help = "Spans of traces, by outcome";
        let mut family = encoder.encode_descriptor("trace_spans", help, None, MetricType::Counter)?;
        let saoma_trace::SpanCounts { sent, dropped, refused } = saoma_trace::span_counts();
        for (outcome, count) in [("sent", sent), ("dropped", dropped), ("refused", refused)] {
            let labels = [("outcome", outcome)];
            family.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&count, None)?;
        }
        Ok(())
    }
}
