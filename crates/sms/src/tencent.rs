//! Tencent Cloud: `SendSms`, version 2021-01-11.

use std::sync::Arc;

use reqwest::Client;
use saoma_domain::ports::{Clock, SmsMessage};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::{
    ClientError, CloudConfig,
    failure::Failure,
    http::{client, host_of, send},
    placeholders::Placeholders,
    provider::Provider,
    tc3::Call,
    utc::utc,
};

/// Where the API is.
pub(crate) const URL: &str = "https://sms.tencentcloudapi.com/";

const CONTENT_TYPE: &str = "application/json";

/// Sends by Tencent Cloud.
pub(crate) struct Tencent {
    config: CloudConfig,
    url: Url,
    client: Client,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Response")]
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    #[serde(rename = "Error")]
    error: Option<Coded>,
    #[serde(rename = "SendStatusSet", default)]
    statuses: Vec<Coded>,
}

#[derive(Deserialize)]
struct Coded {
    #[serde(rename = "Code")]
    code: String,
}

impl Tencent {
    pub(crate) fn new(config: CloudConfig, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        let url = config.url_or(URL)?;
        Ok(Self { client: client(&url)?, config, url, clock })
    }

    fn body(&self, message: &SmsMessage) -> Vec<u8> {
        let CloudConfig { sign_name, template_code, template_param, app_id, .. } = &self.config;
        let param = template_param.as_deref().unwrap_or(r#"["{code}"]"#);
        let params: Value =
            serde_json::from_str(&Placeholders::of(message, None).fill_json(param)).unwrap_or_default();
        let body = json!({
            "PhoneNumberSet": [message.phone.e164()],
            "SmsSdkAppId": app_id.as_deref().unwrap_or_default(),
            "TemplateId": template_code,
            "SignName": sign_name,
            "TemplateParamSet": params,
        });
        body.to_string().into_bytes()
    }
}

#[async_trait::async_trait]
impl Provider for Tencent {
    fn name(&self) -> &'static str {
        "tencent"
    }

    async fn send(&self, message: &SmsMessage) -> Result<(), Failure> {
        let (host, now, body) = (host_of(&self.url), self.clock.now(), self.body(message));
        let at = utc(now);
        let date = at.split('T').next().unwrap_or_default();
        let call = Call {
            host: &host,
            path: self.url.path(),
            service: "sms",
            content_type: CONTENT_TYPE,
            timestamp: now.as_secs(),
            date,
            body: &body,
        };
        let CloudConfig { access_key_id, access_key_secret, region, .. } = &self.config;
        let request = (self.client.post(self.url.clone()))
            .header("Authorization", call.authorization(access_key_id, access_key_secret.expose_secret()))
            .header("Content-Type", CONTENT_TYPE)
            .header("X-TC-Action", "SendSms")
            .header("X-TC-Version", "2021-01-11")
            .header("X-TC-Timestamp", now.as_secs().to_string())
            .header("X-TC-Region", region.as_deref().unwrap_or("ap-guangzhou"))
            .body(body.clone());
        let answer = send(request, "sms").await?;
        let Ok(Answer { response }) = serde_json::from_slice::<Answer>(&answer.body) else {
            return Err(Failure::NoAnswer(format!("it answered {} without a code", answer.status)));
        };
        match response {
            Response { error: Some(Coded { code }), .. } => Err(Failure::of_code(&code)),
            Response { error: None, statuses } => match statuses.iter().find(|status| status.code != "Ok") {
                Some(Coded { code }) => Err(Failure::of_code(code)),
                None if statuses.is_empty() => {
                    Err(Failure::NoAnswer("it answered without the status of the message".to_owned()))
                }
                None => Ok(()),
            },
        }
    }
}
