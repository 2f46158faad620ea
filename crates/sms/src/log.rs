//! Codes in the log, for trying things out.

use async_trait::async_trait;
use saoma_domain::ports::SmsMessage;

use crate::{failure::Failure, provider::Provider};

/// Sends nothing and writes the code into the log, at level info.
///
/// A reader of the log can log in, so the configuration refuses it for a public service.
pub(crate) struct Log;

#[async_trait]
impl Provider for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    async fn send(&self, message: &SmsMessage) -> Result<(), Failure> {
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
