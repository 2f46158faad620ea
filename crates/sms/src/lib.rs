//! The ways an SMS code takes to a phone: Alibaba Cloud, Tencent Cloud, any HTTP gateway, a webhook, and the log for trying things
//! out.
//!
//! A provider gets a code once and never again: a gateway that did not answer may have sent it. Of several providers the next
//! one is asked with another code.

#![deny(missing_docs)]

mod acs3;
mod aliyun;
mod aliyun_captcha;
mod cloud_config;
mod failure;
mod http;
mod log;
pub mod meaning;
mod placeholders;
mod provider;
mod tc3;
mod template;
mod tencent;
mod utc;
mod webhook;

pub use aliyun_captcha::{AliyunCaptcha, AliyunCaptchaConfig};
pub use cloud_config::CloudConfig;
pub use http::ClientError;
pub use template::{Success, TemplateConfig};
pub use webhook::WebhookConfig;

use std::sync::Arc;

use saoma_domain::ports::{Clock, Random, SmsSender};

use aliyun::{Aliyun, Product};
use provider::{Provider, Providers};
use url::Url;

/// A way to a phone, with what it needs.
#[derive(Clone, Debug)]
pub enum SmsProvider {
    /// The log: the code is shown there and not sent.
    Log,
    /// A service of the operator.
    Webhook(WebhookConfig),
    /// Any HTTP gateway.
    Template(Box<TemplateConfig>),
    /// Alibaba Cloud, Short Message Service.
    Aliyun(Box<CloudConfig>),
    /// Alibaba Cloud, Phone Number Verification Service.
    AliyunPnvs(Box<CloudConfig>),
    /// Tencent Cloud.
    Tencent(Box<CloudConfig>),
}

impl SmsProvider {
    /// Returns the name of the configuration.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Webhook(_) => "webhook",
            Self::Template(_) => "template",
            Self::Aliyun(_) => "aliyun",
            Self::AliyunPnvs(_) => "aliyun_pnvs",
            Self::Tencent(_) => "tencent",
        }
    }

    /// Returns where its messages are handed over; `None` for the log.
    pub fn url(&self) -> Option<Url> {
        let own = |config: &CloudConfig, usual: &str| config.url_or(usual).ok();
        match self {
            Self::Log => None,
            Self::Webhook(config) => Some(config.url.clone()),
            Self::Template(config) => Url::parse(config.url.split(['?', '{']).next()?).ok(),
            Self::Aliyun(config) => own(config, &Product::Sms.default_url(config.region.as_deref())),
            Self::AliyunPnvs(config) => own(config, &Product::Pnvs.default_url(None)),
            Self::Tencent(config) => own(config, tencent::URL),
        }
    }

    fn made(
        self,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Result<Box<dyn Provider>, ClientError> {
        let (clock, random) = (Arc::clone(clock), Arc::clone(random));
        Ok(match self {
            Self::Log => Box::new(log::Log),
            Self::Webhook(config) => Box::new(webhook::Webhook::new(config, clock)?),
            Self::Template(config) => Box::new(template::Template::new(*config)?),
            Self::Aliyun(config) => Box::new(Aliyun::new(Product::Sms, *config, clock, random)?),
            Self::AliyunPnvs(config) => Box::new(Aliyun::new(Product::Pnvs, *config, clock, random)?),
            Self::Tencent(config) => Box::new(tencent::Tencent::new(*config, clock)?),
        })
    }
}

/// Makes what sends codes by these providers, the first one first.
///
/// # Errors
/// [`ClientError`] when there is no usable TLS set-up, or a URL is none.
pub fn sender(
    providers: Vec<SmsProvider>,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Arc<dyn SmsSender>, ClientError> {
    let made = providers.into_iter().map(|provider| provider.made(clock, random));
    Ok(Arc::new(Providers(made.collect::<Result<_, _>>()?)))
}
