//! How long the database, the store and WeChat take, as the adapters have counted it, and the histogram of HTTP.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::{MetricType, TypedMetric},
    registry::Unit,
};
use saoma_domain::{
    ports::{CallTimes, CountedTimes, Health, Measure, MeasuredSystem, OfficialAccount},
    suspicion::Suspicion,
};

/// Where the measures of other systems come from.
#[derive(Clone)]
pub(crate) struct MeasureSources {
    pub(crate) database: Arc<dyn Health>,
    pub(crate) store: Arc<dyn Health>,
    pub(crate) wechat: Arc<dyn OfficialAccount>,
    pub(crate) suspicions: Arc<SuspicionCounts>,
}

impl fmt::Debug for MeasureSources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MeasureSources")
    }
}

/// One histogram of each system, with what it is.
const SYSTEMS: [(MeasuredSystem, &str, &str); 3] = [
    (MeasuredSystem::Database, "database_duration", "How long reads and transactions take, by outcome"),
    (MeasuredSystem::Store, "store_duration", "How long requests to Redis take, by outcome"),
    (MeasuredSystem::Wechat, "wechat_duration", "How long calls of WeChat take, by API and errcode"),
];

impl Collector for MeasureSources {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let measures = [self.database.measures(), self.store.measures(), self.wechat.measures()].concat();
        for (system, name, help) in SYSTEMS {
            let of_system: Vec<&Measure> =
                measures.iter().filter(|measure| measure.system == system).collect();
            if of_system.is_empty() {
                continue;
            }
            let mut family =
                encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Histogram)?;
            for Measure { labels, times, .. } in of_system {
                encode_times(times, family.encode_family(labels)?)?;
            }
        }
        let suspected = "Signs that codes are relayed, by sign";
        let mut family =
            encoder.encode_descriptor("suspected_logins", suspected, None, MetricType::Counter)?;
        for suspicion in Suspicion::ALL {
            let labels = [("sign", suspicion.as_str())];
            let count = self.suspicions.of(suspicion);
            family.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&count, None)?;
        }
        Ok(())
    }
}

/// How many signs of each kind this node noticed.
#[derive(Debug, Default)]
pub(crate) struct SuspicionCounts([AtomicU64; Suspicion::ALL.len()]);

impl SuspicionCounts {
    pub(crate) fn count(&self, suspicion: Suspicion) {
        if let Some(count) = self.0.get(suspicion as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn of(&self, suspicion: Suspicion) -> u64 {
        self.0.get(suspicion as usize).map_or(0, |count| count.load(Ordering::Relaxed))
    }
}

fn encode_times(times: &CountedTimes, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
    encoder.encode_histogram::<NoLabelSet>(times.sum_secs, times.count, &times.buckets, None)
}

/// A histogram that counts without a lock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(pub(crate) Arc<CallTimes>);

impl TypedMetric for Times {
    const TYPE: MetricType = MetricType::Histogram;
}

impl EncodeMetric for Times {
    fn encode(&self, encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        encode_times(&self.0.counted(), encoder)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}
