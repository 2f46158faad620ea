//! Counts the answers of one route.

use std::{cell::RefCell, time::Duration};

use actix_web::http::{Method, StatusCode};
use prometheus_client::metrics::counter::Counter;

use super::{Metrics, Times};

/// Counts the answers of one route on one worker. The counter of each status is looked up once, so that an answer costs no
/// lock and no text.
pub(crate) struct RouteAnswers {
    route: String,
    /// The methods and statuses that were answered, which are few.
    counters: RefCell<Vec<Answered>>,
}

struct Answered {
    method: &'static str,
    status: StatusCode,
    answers: Counter,
    times: Times,
}

impl RouteAnswers {
    /// Makes the counters of a route, which is named by its pattern.
    pub(crate) fn of(route: impl Into<String>) -> Self {
        Self { route: route.into(), counters: RefCell::default() }
    }

    /// Returns the pattern of the route.
    pub(crate) fn route(&self) -> &str {
        &self.route
    }

    /// Counts an answer, and how long it took.
    pub(crate) fn count(&self, metrics: &Metrics, method: &Method, status: StatusCode, took: Duration) {
        let method = method_name(method);
        let mut counters = self.counters.borrow_mut();
        let known = counters.iter().find(|known| known.status == status && known.method == method);
        if let Some(Answered { answers, times, .. }) = known {
            answers.inc();
            times.0.observe(took);
            return;
        }
        let answers = metrics.answers_of(&self.route, method, status);
        let times = metrics.times_of(&self.route, method);
        answers.inc();
        times.0.observe(took);
        counters.push(Answered { method, status, answers, times });
    }
}

/// Returns the name of a method; clients may make up others.
pub(crate) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
