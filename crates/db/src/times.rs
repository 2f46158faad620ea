//! How long rules and reads take, and their spans in a trace.

use std::{any::type_name, time::Duration};

use saoma_domain::ports::{CallTimes, Measure, MeasuredSystem};
use tokio::time::Instant;
use tracing::{Span, field::Empty};

/// Whether it was a read, or a rule in a transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Read,
    Transaction,
}

impl Kind {
    /// Returns the name in metrics and traces.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Transaction => "transaction",
        }
    }

    /// Returns the span of such work on a kind of database. It is called by the type of what the rule is given, and has nothing of
    /// its value.
    pub(crate) fn span<I>(self, system: &'static str) -> Span {
        tracing::debug_span!(
            target: saoma_trace::TARGET,
            "database",
            otel.kind = "client",
            otel.name = format!("{} {}", self.as_str(), without_paths(type_name::<I>())),
            db.system.name = system,
            db.operation.name = self.as_str(),
            otel.status_code = Empty,
            "error.type" = Empty,
        )
    }
}

/// Returns the name of a type without where it stands: `(AppName, OpenId)`.
fn without_paths(name: &str) -> String {
    let (mut short, mut word) = (String::new(), String::new());
    for char in name.chars() {
        match char {
            ':' => word.clear(),
            char if char.is_alphanumeric() || char == '_' => word.push(char),
            char => {
                short.push_str(&word);
                word.clear();
                short.push(char);
            }
        }
    }
    short + &word
}

/// How long rules and reads took, by whether they succeeded.
#[derive(Debug, Default)]
pub(crate) struct RuleTimes {
    reads: [CallTimes; 2],
    transactions: [CallTimes; 2],
}

impl RuleTimes {
    /// Counts work that took so long, and says of its span whether it failed.
    pub(crate) fn count(&self, kind: Kind, is_ok: bool, took: Duration, span: &Span) {
        let [ok, failed] = self.of(kind);
        if !is_ok {
            saoma_trace::fail(span, "failed");
        }
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
        let of_kind = |kind: Kind| {
            let outcomes = self.of(kind).iter().zip(["ok", "failed"]);
            let measures = outcomes.map(|(times, outcome)| Measure {
                system: MeasuredSystem::Database,
                labels: vec![("kind", kind.as_str().to_owned()), ("outcome", outcome.to_owned())],
                times: times.counted(),
            });
            measures.collect::<Vec<_>>()
        };
        [Kind::Read, Kind::Transaction].into_iter().flat_map(of_kind).collect()
    }
}

/// Returns the moment from which work is measured.
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_named_without_its_modules() {
        assert_eq!(without_paths("saoma_domain::rules::Scan"), "Scan");
        assert_eq!(without_paths("(a::b_c::D, core::option::Option<e::F>)"), "(D, Option<F>)");
        assert_eq!(without_paths("()"), "()");
    }
}
