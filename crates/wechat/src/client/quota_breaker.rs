//! The circuit breaker of an API whose quota is used up.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use saoma_domain::ports::Clock;
use saoma_domain::time::Timestamp;
use tokio::sync::MutexGuard;

use super::api::{Api, Quota};
use super::failure::{CallFailure, Refusal, next_minute};
use crate::errcode::Remedy;

/// The quota breakers of one app, one for each API.
#[derive(Default)]
pub(super) struct QuotaBreakers(Mutex<BTreeMap<&'static str, Arc<QuotaBreaker>>>);

impl QuotaBreakers {
    pub(super) fn of(&self, api: &Api) -> Arc<QuotaBreaker> {
        let mut breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(breakers.entry(api.path).or_insert_with(|| Arc::new(QuotaBreaker::new(api.quota))))
    }
}

/// Lets the calls of one API of one app through until WeChat says that the quota is used up, and then none
/// until the next minute starts. From then on it lets one call at a time through, until WeChat refuses one
/// for another reason or answers it.
pub(super) struct QuotaBreaker {
    quota: Quota,
    open: Mutex<Option<Open>>,
    /// Held by the one call that tries whether the quota is back.
    trial: tokio::sync::Mutex<()>,
}

/// While it stands, no call goes through before `until`, and after that one at a time.
struct Open {
    until: Timestamp,
    refusal: Refusal,
}

impl QuotaBreaker {
    fn new(quota: Quota) -> Self {
        Self { quota, open: Mutex::default(), trial: tokio::sync::Mutex::default() }
    }

    /// Makes a call, or repeats the refusal that opened the breaker without making it.
    pub(super) async fn run<A>(
        &self,
        clock: &dyn Clock,
        call: impl Future<Output = Result<A, CallFailure>>,
    ) -> Result<A, CallFailure> {
        let trial = self.enter(clock).await?;
        let result = call.await;
        match &result {
            Err(CallFailure::Refused(refusal)) if self.is_opened_by(refusal) => {
                self.set(Some(Open { until: next_minute(clock.now()), refusal: refusal.clone() }));
            }
            Ok(_) | Err(CallFailure::Refused(_)) if trial.is_some() => self.set(None),
            // A call that says nothing about the quota leaves the trial to the next one.
            Ok(_) | Err(CallFailure::Refused(_) | CallFailure::Unreachable(_) | CallFailure::Unusable(_)) => {
            }
        }
        result
    }

    /// Returns whether a refusal opens the breaker. A used-up minute that may be one person's does not, or
    /// that person could keep all others out.
    fn is_opened_by(&self, refusal: &Refusal) -> bool {
        match refusal.remedy() {
            Some(Remedy::Stop) => true,
            Some(Remedy::NextMinute) => match self.quota {
                Quota::App | Quota::Minute => true,
                Quota::Person => false,
            },
            Some(Remedy::Repeat | Remedy::NewToken | Remedy::NotFound | Remedy::Report) | None => false,
        }
    }

    /// Waits for the call's turn where the quota has to be tried, and returns the turn; `None` where the
    /// breaker is closed.
    async fn enter(&self, clock: &dyn Clock) -> Result<Option<MutexGuard<'_, ()>>, CallFailure> {
        if !self.has_to_be_tried(clock)? {
            return Ok(None);
        }
        let trial = self.trial.lock().await;
        // The trial before this one may have closed the breaker, or opened it again.
        Ok(self.has_to_be_tried(clock)?.then_some(trial))
    }

    /// Returns whether the breaker is open and its time is over; before that, the refusal that opened it.
    fn has_to_be_tried(&self, clock: &dyn Clock) -> Result<bool, CallFailure> {
        match &*self.open.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(open) if clock.now() < open.until => Err(CallFailure::Refused(open.refusal.clone())),
            open => Ok(open.is_some()),
        }
    }

    fn set(&self, open: Option<Open>) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = open;
    }
}
