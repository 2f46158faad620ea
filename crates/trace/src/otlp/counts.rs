//! How many spans were sent and lost since the process began.

use std::sync::atomic::{AtomicU64, Ordering};

/// A process has one way to a collector, whatever services are in it.
static SENT: AtomicU64 = AtomicU64::new(0);
static DROPPED: AtomicU64 = AtomicU64::new(0);
static REFUSED: AtomicU64 = AtomicU64::new(0);

/// How many spans were sent, and how many were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanCounts {
    /// A collector took them.
    pub sent: u64,
    /// They found the queue full.
    pub dropped: u64,
    /// The collector did not take them.
    pub refused: u64,
}

/// Returns the counts of this process.
pub fn span_counts() -> SpanCounts {
    let [sent, dropped, refused] = [&SENT, &DROPPED, &REFUSED].map(|count| count.load(Ordering::Relaxed));
    SpanCounts { sent, dropped, refused }
}

pub(super) fn count_dropped() {
    DROPPED.fetch_add(1, Ordering::Relaxed);
}

pub(super) fn count_batch(spans: usize, is_sent: bool) {
    let spans = u64::try_from(spans).unwrap_or(u64::MAX);
    if is_sent { &SENT } else { &REFUSED }.fetch_add(spans, Ordering::Relaxed);
}
