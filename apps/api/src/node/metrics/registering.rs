//! Which series there are, what they are called, and which begin at 0.

use prometheus_client::{
    metrics::info::Info,
    registry::{Registry, Unit},
};

use super::{
    Metrics,
    labels::{FailureLabels, OutcomeLabels},
};

/// What a scan can come to.
const SCANS: [&str; 12] = [
    "logged_in",
    "linked",
    "phone_needed",
    "account_disabled",
    "not_admitted",
    "scanned_by_another",
    "expired",
    "link_refused",
    "registration_closed",
    "foreign",
    "unknown_code",
    "too_many_codes",
];

/// The endpoints that dashboards look at.
const ROUTES: [(&str, &str); 8] = [
    ("/v1/logins", "POST"),
    ("/v1/logins/{id}", "GET"),
    ("/v1/logins/{id}/sms-codes", "POST"),
    ("/v1/logins/{id}/phone", "POST"),
    ("/v1/oauth/authorize", "GET"),
    ("/v1/oauth/callback", "GET"),
    ("/v1/session", "GET"),
    ("/wechat/{app}/callback", "POST"),
];

impl Metrics {
    /// Lets the series begin at 0 that are known from the start, whatever is configured.
    pub(super) fn count_from_zero(&self) {
        for outcome in SCANS {
            drop(self.scans.get_or_create(&OutcomeLabels { outcome }));
        }
        for outcome in
            ["logged_in", "phone_needed", "asked", "refused", "elsewhere", "expired", super::NOT_ME]
        {
            drop(self.phone_answers.get_or_create(&OutcomeLabels { outcome }));
        }
        for outcome in ["logged_in", "phone_needed", "denied", "state_invalid", "wechat_unavailable"] {
            drop(self.oauth_returns.get_or_create(&OutcomeLabels { outcome }));
        }
        for outcome in ["sent", "rate_limited", "failed", "refused"] {
            drop(self.sms_codes.get_or_create(&OutcomeLabels { outcome }));
        }
        // What else may go wrong comes with its first time.
        for step in ["started", "scanned", "confirmed", "code_sent", "bound", "cancelled"] {
            for outcome in ["rate_limited", "store_unavailable"] {
                drop(self.login_failures.get_or_create(&FailureLabels { step, outcome }));
            }
        }
        for (route, method) in ROUTES {
            self.times_of(route, method);
        }
    }

    /// Adds the counters to a registry, under the prefix `saoma`.
    pub(crate) fn register_into(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("saoma");
        registry.register("build", "What runs", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        registry.register_collector(Box::new(self.sources.clone()));
        #[cfg(feature = "otlp")]
        registry.register_collector(Box::new(super::traces::SpanCounters));
        registry.register(
            "http_requests",
            "HTTP answers by route, status and method",
            self.http_requests.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "How long requests take by route and method, those that wait included",
            Unit::Seconds,
            self.http_seconds.clone(),
        );
        registry.register(
            "login_steps",
            "Steps that logins have taken, by channel, app and purpose",
            self.login_steps.clone(),
        );
        registry.register(
            "login_failures",
            "Steps of logins that failed, by step and error code",
            self.login_failures.clone(),
        );
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
        registry.register(
            "scans",
            "Scans and codes of logins that WeChat reported, by outcome",
            self.scans.clone(),
        );
        registry.register(
            "phone_answers",
            "Answers of phones that are asked whether they let a client in, and \"not me\", by outcome",
            self.phone_answers.clone(),
        );
        registry.register(
            "oauth_returns",
            "Browsers that WeChat sent back, by outcome",
            self.oauth_returns.clone(),
        );
        registry.register(
            "sms_messages",
            "Messages that were handed to SMS providers, by provider and outcome",
            self.sms_messages.clone(),
        );
        registry.register_with_unit(
            "sms_duration",
            "How long SMS providers take",
            Unit::Seconds,
            self.sms_seconds.clone(),
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
}
