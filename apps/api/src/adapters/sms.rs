//! The adapter that sends SMS.

use std::sync::Arc;

use saoma_domain::ports::{Clock, SmsSender};
use saoma_sms::{LogSender, WebhookConfig, WebhookError, WebhookSender};

use crate::config::{SmsConfig, SmsProvider};

/// Makes the adapter that the configuration asks for.
pub(super) fn sms(config: &SmsConfig, clock: &Arc<dyn Clock>) -> Result<Arc<dyn SmsSender>, WebhookError> {
    Ok(match &config.provider {
        SmsProvider::Log => Arc::new(LogSender),
        SmsProvider::Webhook { url, secret } => {
            let config = WebhookConfig { url: url.clone(), secret: secret.clone() };
            Arc::new(WebhookSender::new(config, Arc::clone(clock))?)
        }
    })
}
