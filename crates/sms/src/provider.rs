//! One way to a phone, and the list of those that are tried.

use std::time::Duration;

use saoma_domain::ports::{SmsError, SmsMessage, SmsReceipt, SmsSender};
use tracing::{Instrument as _, field::Empty};

use crate::{failure::Failure, http::TIME_LIMIT};

/// One way to a phone.
#[async_trait::async_trait]
pub(crate) trait Provider: Send + Sync {
    /// Returns the name of the configuration.
    fn name(&self) -> &'static str;

    /// Hands a message over, once.
    async fn send(&self, message: &SmsMessage) -> Result<(), Failure>;
}

/// The providers in the order in which they are tried. Each is asked once for a code, and for at most 3 s.
pub(crate) struct Providers(pub(crate) Vec<Box<dyn Provider>>);

/// A moment more than the client's own limit, which says better what happened.
const AT_MOST: Duration = TIME_LIMIT.saturating_add(Duration::from_millis(100));

#[async_trait::async_trait]
impl SmsSender for Providers {
    async fn send(&self, message: SmsMessage, attempt: usize) -> Result<SmsReceipt, SmsError> {
        let Some(provider) = self.0.get(attempt) else {
            let error = Failure::from("no provider is configured").into_error("none");
            return Err(SmsError { try_next: false, ..error });
        };
        let name = provider.name();
        let span = tracing::debug_span!(
            target: saoma_trace::TARGET,
            "sms",
            sms.provider = name,
            otel.status_code = Empty,
            "error.type" = Empty,
        );
        let sending = tokio::time::timeout(AT_MOST, provider.send(&message)).instrument(span.clone());
        let sent = sending.await.unwrap_or_else(|_| Err(Failure::from("it did not answer within 3 s")));
        let has_next = attempt + 1 < self.0.len();
        sent.map(|()| SmsReceipt { provider: name }).map_err(|failure| {
            let error = failure.into_error(name);
            saoma_trace::fail(&span, error.outcome);
            tracing::warn!(
                sms.provider = name,
                outcome = error.outcome,
                "an SMS was not sent by {}{}",
                error.reason,
                if has_next && error.try_next { "; the next provider is tried" } else { "" }
            );
            SmsError { try_next: error.try_next && has_next, ..error }
        })
    }
}
