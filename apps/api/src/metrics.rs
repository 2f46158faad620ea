//! What an operator counts, as Prometheus text.

use std::sync::atomic::AtomicI64;

use actix_web::http::StatusCode;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// The counters of one instance of the service.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    logins: Family<OutcomeLabels, Counter>,
    scans: Family<OutcomeLabels, Counter>,
    returns: Family<OutcomeLabels, Counter>,
    sms: Family<OutcomeLabels, Counter>,
    waiting: Gauge<i64, AtomicI64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("saoma");
        let (requests, waiting) = (Family::default(), Gauge::default());
        let (logins, scans) = (Family::default(), Family::default());
        let (returns, sms) = (Family::default(), Family::default());
        registry.register("http_requests", "Answers by route and status", Family::clone(&requests));
        registry.register("logins", "Logins started and what became of them", Family::clone(&logins));
        registry.register("scans", "Scans that WeChat reported", Family::clone(&scans));
        registry.register("oauth_returns", "Browsers that WeChat sent back", Family::clone(&returns));
        registry.register("sms", "SMS codes that were asked for", Family::clone(&sms));
        registry.register("waiting_clients", "Clients that wait at the moment", Gauge::clone(&waiting));
        Self { registry, requests, logins, scans, returns, sms, waiting }
    }

    /// Counts an answer; routes that do not exist count as one.
    pub(crate) fn request(&self, route: Option<&str>, status: StatusCode) {
        let route = route.unwrap_or("none").to_owned();
        self.requests.get_or_create(&RequestLabels { route, status: status.as_u16() }).inc();
    }

    pub(crate) fn login(&self, outcome: &'static str) {
        self.logins.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    pub(crate) fn scan(&self, outcome: &'static str) {
        self.scans.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    pub(crate) fn oauth_return(&self, outcome: &'static str) {
        self.returns.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    pub(crate) fn sms(&self, outcome: &'static str) {
        self.sms.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Returns everything in the text format of Prometheus.
    pub(crate) fn text(&self, waiting: u32) -> String {
        self.waiting.set(waiting.into());
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
