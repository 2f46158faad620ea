//! The lines in the log about callbacks that were refused.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use saoma_domain::{time::Timestamp, wechat::AppName};
use saoma_wechat::callback::{CallbackRefused, NotWechat};

use prometheus_client::metrics::counter::Counter;

use crate::{extract::Caller, node::Metrics};

/// What a callback can be refused for, as logs and metrics name it.
const CAUSES: [&str; 5] = ["signature", "stale", "appid", "mode", "malformed"];

const LINES_PER_MINUTE: u64 = 10;

/// A callback that was refused, to be logged with the id of its request.
#[derive(Clone, Debug)]
pub(crate) struct RefusedCallback {
    app: AppName,
    cause: &'static str,
    skew_secs: Option<i64>,
    address: String,
}

impl RefusedCallback {
    pub(crate) fn log(&self, request_id: &str) {
        let Self { app, cause, skew_secs, address } = self;
        let skew = skew_secs.map(|secs| format!(", {secs} s behind our clock")).unwrap_or_default();
        tracing::warn!(
            request.id = request_id,
            app = app.as_str(),
            cause,
            skew_s = skew_secs,
            client.address = address,
            "a callback of {app} was refused: {cause}{skew}"
        );
    }
}

/// Counts refused callbacks, and sees to it that a flood of them is no flood of lines: 10 a minute for each app and cause.
pub(crate) struct RefusalLog(BTreeMap<AppName, [Refusals; CAUSES.len()]>);

/// The refusals of one app for one cause.
struct Refusals {
    cause: &'static str,
    counter: Counter,
    budget: LineBudget,
}

/// The second in which its minute began, above the lines since.
#[derive(Default)]
struct LineBudget(AtomicU64);

impl RefusalLog {
    /// Makes the budgets of the apps that have a callback, and lets their counters begin at 0.
    pub(crate) fn new(apps: impl Iterator<Item = AppName>, metrics: &Metrics) -> Self {
        let refusals = |app: AppName| {
            for outcome in ["taken", "damaged", "unreadable"] {
                metrics.callbacks_of(&app, outcome);
            }
            let of_cause = |cause| {
                let counter = metrics.callbacks_of(&app, cause);
                Refusals { cause, counter, budget: LineBudget::default() }
            };
            let refusals = CAUSES.map(of_cause);
            (app, refusals)
        };
        Self(apps.map(refusals).collect())
    }

    /// Counts a refusal and returns what is to be logged of it; `None` where enough was said of its kind.
    pub(super) fn note(
        &self,
        app: &AppName,
        request: &HttpRequest,
        refused: CallbackRefused,
        now: Timestamp,
    ) -> Option<Box<RefusedCallback>> {
        let cause = refused.cause();
        let refusals = self.0.get(app)?.iter().find(|refusals| refusals.cause == cause)?;
        refusals.counter.inc();
        if !refusals.budget.take(now) {
            return None;
        }
        let skew_secs = match refused {
            CallbackRefused::Forbidden(NotWechat::Stale { skew_secs }) => Some(skew_secs),
            CallbackRefused::Forbidden(
                NotWechat::Signature | NotWechat::AppId | NotWechat::Mode | NotWechat::Unreadable,
            )
            | CallbackRefused::Malformed
            | CallbackRefused::TooLarge => None,
        };
        let Ok(caller) = Caller::from_request(request, &mut Payload::None).into_inner();
        Some(Box::new(RefusedCallback { app: app.clone(), cause, skew_secs, address: caller.client_info.ip }))
    }
}

impl LineBudget {
    fn take(&self, now: Timestamp) -> bool {
        let second = u64::try_from(now.as_secs()).unwrap_or_default();
        let next = |packed: u64| {
            let (began, lines) = (packed >> 8, packed & 0xff);
            let is_over = second.abs_diff(began) >= 60;
            let (began, lines) = if is_over { (second, 0) } else { (began, lines) };
            (lines < LINES_PER_MINUTE).then_some(began << 8 | (lines + 1))
        };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_lines_a_minute_are_enough() {
        let budget = LineBudget::default();
        let taken = |second| (0..50).filter(|_| budget.take(Timestamp::from_secs(second))).count();
        assert_eq!([taken(1000), taken(1059), taken(1060), taken(1061), taken(5000)], [10, 0, 10, 0, 10]);
        assert_eq!(taken(10), 10, "a clock that was put back silences nothing");
    }
}
