//! The lines in the log about callbacks that were refused.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use saoma_domain::{time::Timestamp, wechat::AppName};
use saoma_wechat::callback::{CallbackRefused, NotWechat};

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

/// Sees to it that a flood of refused callbacks is no flood of lines: 10 a minute for each app and cause.
pub(crate) struct RefusalLog(BTreeMap<AppName, [LineBudget; CAUSES.len()]>);

/// The second in which its minute began, above the lines since.
#[derive(Default)]
struct LineBudget(AtomicU64);

impl RefusalLog {
    /// Makes the budgets of the apps that have a callback, and lets their counters begin at 0.
    pub(crate) fn new(apps: impl Iterator<Item = AppName>, metrics: &Metrics) -> Self {
        let apps = apps.inspect(|app| {
            for outcome in ["taken", "damaged", "unreadable"].into_iter().chain(CAUSES) {
                metrics.callbacks_of(app, outcome);
            }
        });
        Self(apps.map(|app| (app, Default::default())).collect())
    }

    /// Returns what is to be logged of a refusal; `None` where enough was said of its kind.
    pub(super) fn note(
        &self,
        app: &AppName,
        request: &HttpRequest,
        refused: CallbackRefused,
        now: Timestamp,
    ) -> Option<Box<RefusedCallback>> {
        let cause = refused.cause();
        let budgets = self.0.get(app)?.iter().zip(CAUSES);
        budgets.into_iter().find(|(_, known)| *known == cause).filter(|(budget, _)| budget.take(now))?;
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
