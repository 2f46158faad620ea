//! The adapter that sends SMS.

use std::sync::Arc;

use saoma_domain::ports::{Clock, Random, SmsSender};
use saoma_sms::ClientError;

use crate::config::SmsConfig;

/// Makes the adapter that the configuration asks for.
pub(super) fn sms(
    config: &SmsConfig,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Arc<dyn SmsSender>, ClientError> {
    saoma_sms::sender(config.providers.clone(), clock, random)
}
