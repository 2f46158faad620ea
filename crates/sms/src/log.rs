//! Codes in the log, for trying things out.

use async_trait::async_trait;
use saoma_domain::ports::{SmsError, SmsMessage, SmsSender};

/// Sends nothing and writes the code into the log, at level info.
///
/// Whoever reads the log can log in, so the configuration refuses it for a public service.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogSender;

#[async_trait]
impl SmsSender for LogSender {
    async fn send(&self, message: SmsMessage) -> Result<(), SmsError> {
        tracing::info!(
            sms.phone = %message.phone.masked(),
            sms.code = message.code.reveal(),
            "no SMS gateway is configured: the code for {} is {}",
            message.phone.masked(),
            message.code.reveal(),
        );
        Ok(())
    }
}
