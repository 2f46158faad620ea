//! What an operator counts, as `OpenMetrics` and as the classic text of Prometheus.

mod classic;
mod labels;
mod measures;
mod registering;
#[cfg(feature = "otlp")]
mod traces;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use actix_web::http::StatusCode;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use saoma_domain::{
    event::ReceiverName,
    services::{ReadyCounts, ScanReply, SentCode, ServiceError},
    wechat::AppName,
};

use classic::classic;
use labels::{
    AppLabels, AppOutcomeLabels, FailureLabels, OutcomeLabels, ProviderLabels, ProviderTimeLabels,
    ReceiverLabels, RequestLabels, RouteLabels, StepLabels,
};
pub(crate) use measures::{MeasureSources, SuspicionCounts, Times};

use crate::login_watch::LoginLabels;

/// The steps and ends of logins.
const STEPS: [&str; 8] =
    ["started", "scanned", "code_sent", "bound", "registered", "timeout", "cancelled", "denied"];

/// So many purposes of logins are counted by their names.
const MOST_PURPOSES: usize = 20;

/// Makes a histogram for calls of other systems, from 5 ms to 10 s.
fn of_calls() -> Histogram {
    Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
}

/// The format in which metrics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricsFormat {
    /// `OpenMetrics` 1.0.
    OpenMetrics,
    /// The text format 0.0.4 of Prometheus.
    Classic,
}

/// The outcome of what a person says who did not mean to log in.
const NOT_ME: &str = "not_me";

/// The counters of one instance of the service.
pub(crate) struct Metrics {
    registry: Registry,
    sources: MeasureSources,
    http_requests: Family<RequestLabels, Counter>,
    http_seconds: Family<RouteLabels, Times>,
    login_steps: Family<StepLabels, Counter>,
    login_failures: Family<FailureLabels, Counter>,
    sms_messages: Family<ProviderLabels, Counter>,
    sms_seconds: Family<ProviderTimeLabels, Histogram, fn() -> Histogram>,
    purposes: Mutex<BTreeSet<String>>,
    callbacks: Family<AppOutcomeLabels, Counter>,
    relayed_messages: Family<AppOutcomeLabels, Counter>,
    told_events: Family<ReceiverLabels, Counter>,
    scans: Family<OutcomeLabels, Counter>,
    phone_answers: Family<OutcomeLabels, Counter>,
    oauth_returns: Family<OutcomeLabels, Counter>,
    sms_codes: Family<OutcomeLabels, Counter>,
    sms_unused_share_exceeded: Gauge<i64, AtomicI64>,
    waiting_clients: Gauge<i64, AtomicI64>,
    codes_ready: Family<AppLabels, Gauge<u64, AtomicU64>>,
    ready_codes: Family<AppOutcomeLabels, Counter>,
}

impl Metrics {
    /// Registers the counters, which begin at 0.
    pub(crate) fn new(sources: MeasureSources) -> Self {
        let metrics = Self {
            registry: Registry::default(),
            sources,
            http_requests: Family::default(),
            http_seconds: Family::default(),
            login_steps: Family::default(),
            login_failures: Family::default(),
            sms_messages: Family::default(),
            sms_seconds: Family::new_with_constructor(of_calls),
            purposes: Mutex::default(),
            callbacks: Family::default(),
            relayed_messages: Family::default(),
            told_events: Family::default(),
            scans: Family::default(),
            phone_answers: Family::default(),
            oauth_returns: Family::default(),
            sms_codes: Family::default(),
            sms_unused_share_exceeded: Gauge::default(),
            waiting_clients: Gauge::default(),
            codes_ready: Family::default(),
            ready_codes: Family::default(),
        };
        metrics.count_from_zero();
        let mut registry = Registry::default();
        metrics.register_into(&mut registry);
        Self { registry, ..metrics }
    }

    /// Returns the counter of a route's answers with one status to a method, which begins at 0.
    pub(super) fn answers_of(&self, route: &str, method: &'static str, status: StatusCode) -> Counter {
        let labels = RequestLabels { route: route.to_owned(), status: status.as_u16(), method };
        self.http_requests.get_or_create_owned(&labels)
    }

    /// Returns how long a route takes for a method; begins at 0.
    pub(super) fn times_of(&self, route: &str, method: &'static str) -> Times {
        self.http_seconds.get_or_create_owned(&RouteLabels { route: route.to_owned(), method })
    }

    /// Counts a step of a login, or its end.
    pub(crate) fn login_step(&self, step: &'static str, login: Option<&LoginLabels>) {
        let (channel, app, purpose) = match login {
            Some(LoginLabels { channel, app, purpose }) => {
                (channel.as_str(), app.as_str().to_owned(), self.purpose(purpose.as_str()))
            }
            None => ("unknown", "unknown".to_owned(), "unknown".to_owned()),
        };
        self.login_steps.get_or_create(&StepLabels { step, channel, app, purpose }).inc();
    }

    /// Lets the steps of an app's logins begin at 0.
    pub(crate) fn login_steps_of(&self, login: &LoginLabels) {
        for step in STEPS {
            let (channel, app) = (login.channel.as_str(), login.app.as_str().to_owned());
            let purpose = self.purpose(login.purpose.as_str());
            drop(self.login_steps.get_or_create(&StepLabels { step, channel, app, purpose }));
        }
    }

    /// Returns a purpose as it is counted. Clients choose it, so only the first ones have series of their own.
    fn purpose(&self, purpose: &str) -> String {
        let mut known = self.purposes.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(purpose) && known.len() >= MOST_PURPOSES {
            return "other".to_owned();
        }
        known.insert(purpose.to_owned());
        purpose.to_owned()
    }

    /// Counts a step of a login that failed, by the word that says why.
    pub(crate) fn login_failure(&self, step: &'static str, outcome: &'static str) {
        self.login_failures.get_or_create(&FailureLabels { step, outcome }).inc();
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
        self.scan_outcome(reply.as_str());
    }

    /// Counts what a scan came to, or a message that looks like the code of a login.
    pub(crate) fn scan_outcome(&self, outcome: &'static str) {
        self.scans.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Counts an answer of a phone that is asked whether it lets a client in: `logged_in`, `phone_needed`, `asked` (wrong
    /// digits, or none), `refused`, `elsewhere`, and the others of scans.
    pub(crate) fn phone_answer(&self, reply: &ScanReply) {
        let outcome = reply.as_str();
        self.phone_answers.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Counts a login that its person says they did not mean.
    pub(crate) fn not_me(&self) {
        self.phone_answers.get_or_create(&OutcomeLabels { outcome: NOT_ME }).inc();
    }

    /// Counts a browser that WeChat sent back: `logged_in`, `phone_needed`, `denied`, `state_invalid`, `snapshot` or a
    /// code of the contract.
    pub(crate) fn oauth_return(&self, outcome: &'static str) {
        self.oauth_returns.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Counts a message that was handed to an SMS provider.
    pub(crate) fn sms_message(&self, provider: &'static str, outcome: &'static str, took: Duration) {
        self.sms_messages.get_or_create(&ProviderLabels { provider, outcome }).inc();
        self.sms_seconds.get_or_create(&ProviderTimeLabels { provider }).observe(took.as_secs_f64());
    }

    /// Lets the counters of an SMS provider begin at 0.
    pub(crate) fn sms_messages_of(&self, provider: &'static str) {
        for outcome in ["sent", "no_answer", "signature", "template", "balance", "number_rate", "credentials"]
        {
            drop(self.sms_messages.get_or_create(&ProviderLabels { provider, outcome }));
        }
        drop(self.sms_seconds.get_or_create(&ProviderTimeLabels { provider }));
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

    /// Returns everything as text: `OpenMetrics`, or the classic format of Prometheus.
    pub(crate) fn text(
        &self,
        format: MetricsFormat,
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
        match format {
            MetricsFormat::OpenMetrics => text,
            MetricsFormat::Classic => classic(&text),
        }
    }
}
