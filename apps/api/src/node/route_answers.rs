//! Counts the answers of one route.

use std::cell::RefCell;

use actix_web::http::StatusCode;
use prometheus_client::metrics::counter::Counter;

use super::Metrics;

/// Counts the answers of one route on one worker. The counter of each status is looked up once, so that an answer costs no
/// lock and no text.
pub(crate) struct RouteAnswers {
    route: String,
    /// The statuses that were answered, which are few.
    counters: RefCell<Vec<(StatusCode, Counter)>>,
}

impl RouteAnswers {
    /// Makes the counters of a route, which is named by its pattern.
    pub(crate) fn of(route: impl Into<String>) -> Self {
        Self { route: route.into(), counters: RefCell::default() }
    }

    /// Counts an answer.
    pub(crate) fn count(&self, metrics: &Metrics, status: StatusCode) {
        let mut counters = self.counters.borrow_mut();
        if let Some((_, counter)) = counters.iter().find(|(known, _)| *known == status) {
            counter.inc();
            return;
        }
        let counter = metrics.answers_of(&self.route, status);
        counter.inc();
        counters.push((status, counter));
    }
}
