//! What an operator counts, as Prometheus text.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use actix_web::http::StatusCode;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use saoma_domain::{
    event::ReceiverName,
    services::{ReadyCounts, ScanReply, SentCode, ServiceError},
    wechat::AppName,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabels {
    step: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AppOutcomeLabels {
    app: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReceiverLabels {
    receiver: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AppLabels {
    app: String,
}

/// The counters of one instance of the service.
pub(crate) struct Metrics {
    registry: Registry,
    http_requests: Family<RequestLabels, Counter>,
    login_steps: Family<StepLabels, Counter>,
    callbacks: Family<AppOutcomeLabels, Counter>,
    relayed_messages: Family<AppOutcomeLabels, Counter>,
    told_events: Family<ReceiverLabels, Counter>,
    scans: Family<OutcomeLabels, Counter>,
    oauth_returns: Family<OutcomeLabels, Counter>,
    sms_codes: Family<OutcomeLabels, Counter>,
    sms_unused_share_exceeded: Gauge<i64, AtomicI64>,
    waiting_clients: Gauge<i64, AtomicI64>,
    codes_ready: Family<AppLabels, Gauge<u64, AtomicU64>>,
    ready_codes: Family<AppOutcomeLabels, Counter>,
}

impl Metrics {
    /// Registers the counters, which begin at 0.
    pub(crate) fn new() -> Self {
        let metrics = Self {
            registry: Registry::default(),
            http_requests: Family::default(),
            login_steps: Family::default(),
            callbacks: Family::default(),
            relayed_messages: Family::default(),
            told_events: Family::default(),
            scans: Family::default(),
            oauth_returns: Family::default(),
            sms_codes: Family::default(),
            sms_unused_share_exceeded: Gauge::default(),
            waiting_clients: Gauge::default(),
            codes_ready: Family::default(),
            ready_codes: Family::default(),
        };
        let mut registry = Registry::default();
        metrics.register_into(&mut registry);
        Self { registry, ..metrics }
    }

    /// Adds the counters to a registry, under the prefix `saoma`.
    pub(crate) fn register_into(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("saoma");
        registry.register("http_requests", "HTTP answers by route and status", self.http_requests.clone());
        registry.register("login_steps", "Steps that logins have taken", self.login_steps.clone());
        registry.register("callbacks", "Callbacks, by app and outcome", self.callbacks.clone());
        registry.register(
            "relayed_messages",
            "Messages for the site's own system, by app and outcome",
            self.relayed_messages.clone(),
        );
        registry.register(
            "told_events",
            "Tries to tell an event, by receiver and outcome",
            self.told_events.clone(),
        );
        registry.register("scans", "Scans that WeChat reported, by outcome", self.scans.clone());
        registry.register(
            "oauth_returns",
            "Browsers that WeChat sent back, by outcome",
            self.oauth_returns.clone(),
        );
        registry.register("sms_codes", "Requests for SMS codes, by outcome", self.sms_codes.clone());
        registry.register(
            "sms_unused_share_exceeded",
            "1 while more SMS codes stay unused than limits.sms_unused_share allows",
            self.sms_unused_share_exceeded.clone(),
        );
        registry.register("waiting_clients", "Clients that wait at the moment", self.waiting_clients.clone());
        registry.register(
            "codes_ready",
            "QR codes that were made in advance and can be taken, by app",
            self.codes_ready.clone(),
        );
        registry.register(
            "ready_codes",
            "Logins that began with a QR code made in advance (taken) or without one (missed), by app",
            self.ready_codes.clone(),
        );
    }

    /// Returns the counter of a route's answers with one status, which begins at 0.
    pub(super) fn answers_of(&self, route: &str, status: StatusCode) -> Counter {
        let labels = RequestLabels { route: route.to_owned(), status: status.as_u16() };
        self.http_requests.get_or_create_owned(&labels)
    }

    /// Counts a step of a login: `started`, `phone_bound` or `cancelled`.
    pub(crate) fn login_step(&self, step: &'static str) {
        self.login_steps.get_or_create(&StepLabels { step }).inc();
    }

    /// Counts a callback: `taken`, `damaged`, `unreadable`, or the cause for which it was refused.
    pub(crate) fn callback(&self, app: &AppName, outcome: &'static str) {
        self.callbacks_of(app, outcome).inc();
    }

    /// Returns the counter of an app's callbacks, which begins at 0.
    pub(crate) fn callbacks_of(&self, app: &AppName, outcome: &'static str) -> Counter {
        self.callbacks.get_or_create_owned(&AppOutcomeLabels { app: app.as_str().to_owned(), outcome })
    }

    /// Counts a message for the site's own system: `answered` at once, `kept` for later, `delivered` later, `given_up`.
    pub(crate) fn relayed(&self, app: &AppName, outcome: &'static str) {
        self.relayed_messages_of(app, outcome).inc();
    }

    /// Returns the counter of an app's messages for the site's own system, which begins at 0.
    pub(crate) fn relayed_messages_of(&self, app: &AppName, outcome: &'static str) -> Counter {
        self.relayed_messages.get_or_create_owned(&AppOutcomeLabels { app: app.as_str().to_owned(), outcome })
    }

    /// Counts a try to tell an event: `delivered`, `failed_try`; and an event that is `given_up`.
    pub(crate) fn told_event(&self, receiver: &ReceiverName, outcome: &'static str) {
        self.told_events_of(receiver, outcome).inc();
    }

    /// Returns the counter of a receiver's events, which begins at 0.
    pub(crate) fn told_events_of(&self, receiver: &ReceiverName, outcome: &'static str) -> Counter {
        let labels = ReceiverLabels { receiver: receiver.to_string(), outcome };
        self.told_events.get_or_create_owned(&labels)
    }

    /// Counts a scan.
    pub(crate) fn scan(&self, reply: &ScanReply) {
        let outcome = match reply {
            ScanReply::LoggedIn { .. } => "logged_in",
            ScanReply::Linked { .. } => "linked",
            ScanReply::GoOn { .. } => "phone_needed",
            ScanReply::Disabled => "account_disabled",
            ScanReply::NotAdmitted { .. } => "not_admitted",
            ScanReply::ByAnother => "scanned_by_another",
            ScanReply::Over(_) => "expired",
            ScanReply::LinkRefused => "link_refused",
            ScanReply::Foreign => "foreign",
        };
        self.scans.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Counts a browser that WeChat sent back: `logged_in`, `phone_needed`, `denied`, `state_invalid`, `snapshot` or a
    /// code of the contract.
    pub(crate) fn oauth_return(&self, outcome: &'static str) {
        self.oauth_returns.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Counts a request for an SMS code.
    pub(crate) fn sms_code(&self, sent: &Result<SentCode, ServiceError>) {
        let outcome = match sent {
            Ok(_) => "sent",
            Err(ServiceError::RateLimited { .. }) => "rate_limited",
            Err(ServiceError::Sms { .. }) => "failed",
            Err(_) => "refused",
        };
        self.sms_codes.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Takes over what was counted of the codes of an app since the start.
    fn ready_codes(&self, counts: &ReadyCounts) {
        let app = counts.app.as_str().to_owned();
        self.codes_ready.get_or_create(&AppLabels { app: app.clone() }).set(counts.ready);
        for (outcome, count) in [("taken", counts.taken), ("missed", counts.missed)] {
            let counter =
                self.ready_codes.get_or_create_owned(&AppOutcomeLabels { app: app.clone(), outcome });
            counter.inner().store(count, Ordering::Relaxed);
        }
    }

    /// Returns everything in the text format of Prometheus.
    pub(crate) fn text(
        &self,
        waiting_clients: u32,
        too_many_unused_codes: bool,
        ready_codes: &[ReadyCounts],
    ) -> String {
        ready_codes.iter().for_each(|counts| self.ready_codes(counts));
        self.waiting_clients.set(waiting_clients.into());
        self.sms_unused_share_exceeded.set(too_many_unused_codes.into());
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
