//! How long rules and reads take.

use std::time::Duration;

use saoma_domain::ports::{CallTimes, Measure, MeasuredSystem};
use tokio::time::Instant;

/// Whether it was a read, or a rule in a transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Read,
    Transaction,
}

/// How long rules and reads took, by whether they succeeded.
#[derive(Debug, Default)]
pub(crate) struct RuleTimes {
    reads: [CallTimes; 2],
    transactions: [CallTimes; 2],
}

impl RuleTimes {
    /// Counts work that began at a moment.
    pub(crate) fn count(&self, kind: Kind, is_ok: bool, took: Duration) {
        let [ok, failed] = self.of(kind);
        if is_ok { ok } else { failed }.observe(took);
    }

    fn of(&self, kind: Kind) -> &[CallTimes; 2] {
        match kind {
            Kind::Read => &self.reads,
            Kind::Transaction => &self.transactions,
        }
    }

    /// Returns what was counted.
    pub(crate) fn measures(&self) -> Vec<Measure> {
        let kinds = [(Kind::Read, "read"), (Kind::Transaction, "transaction")];
        let of_kind = |(kind, name): (Kind, &str)| {
            let outcomes = self.of(kind).iter().zip(["ok", "failed"]);
            let measures = outcomes.map(|(times, outcome)| Measure {
                system: MeasuredSystem::Database,
                labels: vec![("kind", name.to_owned()), ("outcome", outcome.to_owned())],
                times: times.counted(),
            });
            measures.collect::<Vec<_>>()
        };
        kinds.into_iter().flat_map(of_kind).collect()
    }
}

/// Returns the moment from which work is measured.
pub(crate) fn now() -> Instant {
    Instant::now()
}
