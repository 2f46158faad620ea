//! The port of SMS, which counts what goes through it.

use std::sync::{Arc, Mutex, PoisonError};

use saoma_domain::{
    ports::{Clock, SmsError, SmsMessage, SmsReceipt, SmsSender},
    time::Timestamp,
};
use tokio::time::Instant;

use crate::{config::SmsProvider, node::Metrics};

/// How the last message ended that this node handed each provider; none where it handed none.
#[derive(Default)]
pub(crate) struct LastSms(Mutex<Vec<(&'static str, Option<SmsOutcome>)>>);

/// How a message ended: a word, as it is counted, and when.
#[derive(Clone, Copy)]
pub(crate) struct SmsOutcome {
    pub(crate) word: &'static str,
    pub(crate) at: Timestamp,
}

impl LastSms {
    /// Returns it by provider.
    pub(crate) fn by_provider(&self) -> Vec<(&'static str, Option<SmsOutcome>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, provider: &'static str, outcome: Option<SmsOutcome>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match last.iter_mut().find(|(known, _)| *known == provider) {
            Some((_, last)) => *last = outcome,
            None => last.push((provider, outcome)),
        }
    }
}

/// Counts SMS by provider and outcome, and how long the providers take.
pub(crate) struct MeasuredSms {
    sender: Arc<dyn SmsSender>,
    metrics: Arc<Metrics>,
    last: Arc<LastSms>,
    clock: Arc<dyn Clock>,
}

impl MeasuredSms {
    /// Measures a sender; the counters of its providers begin at 0.
    pub(crate) fn new(
        sender: Arc<dyn SmsSender>,
        providers: &[SmsProvider],
        (metrics, last): (Arc<Metrics>, Arc<LastSms>),
        clock: Arc<dyn Clock>,
    ) -> Self {
        for provider in providers {
            metrics.sms_messages_of(provider.name());
            last.note(provider.name(), None);
        }
        Self { sender, metrics, last, clock }
    }
}

#[async_trait::async_trait]
impl SmsSender for MeasuredSms {
    async fn send(&self, message: SmsMessage, attempt: usize) -> Result<SmsReceipt, SmsError> {
        let began = Instant::now();
        let sent = self.sender.send(message, attempt).await;
        let (provider, word) = match &sent {
            Ok(SmsReceipt { provider }) => (*provider, "sent"),
            Err(SmsError { provider, outcome, .. }) => (*provider, *outcome),
        };
        self.metrics.sms_message(provider, word, began.elapsed());
        self.last.note(provider, Some(SmsOutcome { word, at: self.clock.now() }));
        sent
    }
}
