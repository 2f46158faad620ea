//! Alibaba Cloud: `SendSms` of Dysmsapi, and `SendSmsVerifyCode` of Dypnsapi, which needs no signature of one's own.

use std::sync::Arc;

use reqwest::Client;
use saoma_domain::{
    ports::{Clock, Random, SmsMessage, random_bytes},
    text::hex,
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use url::Url;

use crate::{
    ClientError, CloudConfig,
    acs3::Call,
    failure::Failure,
    http::{client, host_of, send},
    placeholders::Placeholders,
    provider::Provider,
    utc::utc,
};

/// Both APIs have this version.
const VERSION: &str = "2017-05-25";

/// A product of Alibaba Cloud that sends codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    /// Short Message Service, with a signature and a template of one's own.
    Sms,
    /// Phone Number Verification Service, with the signature and the template that it provides.
    Pnvs,
}

impl Product {
    const fn action(self) -> &'static str {
        match self {
            Self::Sms => "SendSms",
            Self::Pnvs => "SendSmsVerifyCode",
        }
    }

    const fn default_template_param(self) -> &'static str {
        match self {
            Self::Sms => r#"{"code":"{code}"}"#,
            Self::Pnvs => r#"{"code":"{code}","min":"{minutes}"}"#,
        }
    }

    pub(crate) fn default_url(self, region: Option<&str>) -> String {
        match (self, region) {
            (Self::Sms, Some(region)) if !region.starts_with("cn-") => {
                format!("https://dysmsapi.{region}.aliyuncs.com/")
            }
            (Self::Sms, Some(_) | None) => "https://dysmsapi.aliyuncs.com/".to_owned(),
            (Self::Pnvs, Some(_) | None) => "https://dypnsapi.aliyuncs.com/".to_owned(),
        }
    }
}

/// Sends by Alibaba Cloud.
pub(crate) struct Aliyun {
    product: Product,
    config: CloudConfig,
    url: Url,
    client: Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Code")]
    code: String,
}

impl Aliyun {
    pub(crate) fn new(
        product: Product,
        config: CloudConfig,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ClientError> {
        let url = config.url_or(&product.default_url(config.region.as_deref()))?;
        Ok(Self { product, client: client(&url)?, config, url, clock, random })
    }

    fn parameters(&self, message: &SmsMessage) -> Vec<(&'static str, String)> {
        let CloudConfig { sign_name, template_code, template_param, .. } = &self.config;
        let filled = Placeholders::of(message, None);
        let param = template_param.as_deref().unwrap_or(self.product.default_template_param());
        let mut parameters = vec![
            ("SignName", sign_name.clone()),
            ("TemplateCode", template_code.clone()),
            ("TemplateParam", filled.fill_json(param)),
        ];
        let (country, national) = message.phone.parts();
        match self.product {
            // Numbers of mainland China stand alone, others behind their calling code.
            Product::Sms if country == "86" => parameters.push(("PhoneNumbers", national.to_owned())),
            Product::Sms => parameters.push(("PhoneNumbers", format!("{country}{national}"))),
            Product::Pnvs => {
                parameters
                    .extend([("PhoneNumber", national.to_owned()), ("CountryCode", country.to_owned())]);
            }
        }
        parameters
    }
}

#[async_trait::async_trait]
impl Provider for Aliyun {
    fn name(&self) -> &'static str {
        match self.product {
            Product::Sms => "aliyun",
            Product::Pnvs => "aliyun_pnvs",
        }
    }

    async fn send(&self, message: &SmsMessage) -> Result<(), Failure> {
        let (host, date) = (host_of(&self.url), utc(self.clock.now()));
        let nonce = hex(&random_bytes::<16>(&*self.random));
        let query = self.parameters(message);
        let call = Call {
            host: &host,
            path: self.url.path(),
            action: self.product.action(),
            version: VERSION,
            date: &date,
            nonce: &nonce,
            query: &query,
        };
        let mut url = self.url.clone();
        url.set_query(Some(&call.query_string()));
        let mut request = self.client.post(url);
        for (name, value) in call.headers().into_iter().filter(|(name, _)| *name != "host") {
            request = request.header(name, value);
        }
        let CloudConfig { access_key_id, access_key_secret, .. } = &self.config;
        let authorization = call.authorization(access_key_id, access_key_secret.expose_secret());
        let answer = send(request.header("Authorization", authorization), "sms").await?;
        // Business errors come with 200, others with 4xx; both have a code.
        match serde_json::from_slice::<Answer>(&answer.body) {
            Ok(Answer { code }) if code == "OK" && answer.status == 200 => Ok(()),
            Ok(Answer { code }) => Err(Failure::of_code(&code)),
            Err(_) => Err(Failure::NoAnswer(format!("it answered {} without a code", answer.status))),
        }
    }
}
