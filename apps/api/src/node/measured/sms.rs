//! Counts SMS by provider.

use std::sync::Arc;

use saoma_domain::ports::{SmsError, SmsMessage, SmsReceipt, SmsSender};
use tokio::time::Instant;

use crate::{config::SmsProvider, node::Metrics};

/// Counts SMS by provider and outcome, and how long the providers take.
pub(crate) struct MeasuredSms {
    sender: Arc<dyn SmsSender>,
    metrics: Arc<Metrics>,
}

impl MeasuredSms {
    /// Measures a sender; the counters of its providers begin at 0.
    pub(crate) fn new(sender: Arc<dyn SmsSender>, providers: &[SmsProvider], metrics: Arc<Metrics>) -> Self {
        for provider in providers {
            metrics.sms_messages_of(provider.name());
        }
        Self { sender, metrics }
    }
}

#[async_trait::async_trait]
impl SmsSender for MeasuredSms {
    async fn send(&self, message: SmsMessage, attempt: usize) -> Result<SmsReceipt, SmsError> {
        let began = Instant::now();
        let sent = self.sender.send(message, attempt).await;
        let (provider, outcome) = match &sent {
            Ok(SmsReceipt { provider }) => (*provider, "sent"),
            Err(SmsError { provider, outcome, .. }) => (*provider, *outcome),
        };
        self.metrics.sms_message(provider, outcome, began.elapsed());
        sent
    }
}
