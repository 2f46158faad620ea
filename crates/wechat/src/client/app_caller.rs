//! Calls in the name of one app.

use std::sync::Arc;

use saoma_domain::ports::WechatError;
use saoma_domain::time::Timestamp;
use serde::Serialize;

use super::answer::Answer;
use super::api::{Api, Call};
use super::app::WechatApp;
use super::failure::CallFailure;
use super::quota_breaker::QuotaBreakers;
use super::timeout_breaker::TimeoutBreakers;
use super::transport::{Added, Transport};
use crate::errcode::{self, Errcode};

/// Makes calls in the name of one app, within its quotas, and reports their failures.
pub(super) struct AppCaller {
    pub(super) app: WechatApp,
    pub(super) transport: Arc<Transport>,
    breakers: QuotaBreakers,
    pub(super) timeouts: TimeoutBreakers,
}

impl AppCaller {
    pub(super) fn new(app: WechatApp, transport: Arc<Transport>) -> Self {
        Self { app, transport, breakers: QuotaBreakers::default(), timeouts: TimeoutBreakers::default() }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.transport.clock.now()
    }

    /// Makes a call with what is added to its query, as often as its row allows.
    pub(super) async fn call<A: Answer>(
        &self,
        call: &Call<A>,
        added: &Added<'_>,
        parameters: &impl Serialize,
    ) -> Result<A, CallFailure> {
        let breaker = self.breakers.of(&call.api);
        breaker.run(self.transport.clock.as_ref(), self.transport.send(&call.api, added, parameters)).await
    }

    /// Logs a failure for the operator and puts it in the domain's words.
    pub(super) fn report(&self, api: &Api, failure: CallFailure) -> WechatError {
        let error = failure.into_error(api, self.now());
        let (app, api, address) = (&self.app.name, api.path, self.transport.address());
        match &error {
            WechatError::Unavailable { reason, .. } => {
                tracing::warn!(%app, api, "wechat {address}: {reason}");
            }
            WechatError::Refused { errcode, advice } => {
                tracing::warn!(%app, api, "wechat {address}: errcode {errcode}: {advice}");
            }
            // A code that was made up or sent twice is nothing that the operator could mend.
            WechatError::NotFound { errcode } => {
                let advice = errcode::lookup(*errcode).map(Errcode::sentence).unwrap_or_default();
                tracing::info!(%app, api, "wechat {address}: errcode {errcode}: {advice}");
            }
            WechatError::UnknownApp => {}
        }
        error
    }
}
