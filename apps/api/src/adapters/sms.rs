//! The adapters that send SMS, and that keep machines from it.

use std::sync::Arc;

use saoma_domain::ports::{Captcha, Clock, Random, SmsSender};
use saoma_sms::{AliyunCaptcha, ClientError};

use crate::config::{CheckConfig, Config, SmsConfig};

/// Makes the adapter that the configuration asks for.
pub(super) fn sms(
    config: &SmsConfig,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Arc<dyn SmsSender>, ClientError> {
    saoma_sms::sender(config.providers.clone(), clock, random)
}

/// Makes the adapter that tells people from machines, where that is another service.
pub(super) fn captcha(
    config: &Config,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Option<Arc<dyn Captcha>>, ClientError> {
    let CheckConfig::Aliyun { captcha, .. } = &config.check else { return Ok(None) };
    let captcha = AliyunCaptcha::new((**captcha).clone(), Arc::clone(clock), Arc::clone(random))?;
    Ok(Some(Arc::new(captcha)))
}
