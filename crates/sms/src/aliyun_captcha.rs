//! Alibaba Cloud Captcha 2.0: `VerifyIntelligentCaptcha`, asked with what the script in the page gave.

use std::sync::Arc;

use reqwest::Client;
use saoma_domain::{
    ports::{Captcha, CaptchaError, Clock, Random, random_bytes},
    text::hex,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use crate::{
    ClientError,
    acs3::Call,
    http::{client, host_of, send},
    utc::utc,
};

const ACTION: &str = "VerifyIntelligentCaptcha";
const VERSION: &str = "2023-03-05";
const USUAL_URL: &str = "https://captcha.cn-shanghai.aliyuncs.com/";

/// The longest text of the script that is passed on.
const LONGEST_TEXT: usize = 8 * 1024;

/// What Alibaba Cloud Captcha needs.
#[derive(Clone, Debug)]
pub struct AliyunCaptchaConfig {
    /// The `AccessKey` ID.
    pub access_key_id: String,
    /// The `AccessKey` secret.
    pub access_key_secret: SecretString,
    /// The scene, as the console has it.
    pub scene_id: String,
    /// Another address than the cloud's own, such as that of a simulated one.
    pub url: Option<Url>,
}

/// Asks Alibaba Cloud Captcha.
pub struct AliyunCaptcha {
    config: AliyunCaptchaConfig,
    url: Url,
    client: Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Verdict {
    code: String,
    result: Option<VerdictResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VerdictResult {
    verify_result: bool,
}

impl AliyunCaptcha {
    /// Makes a client.
    ///
    /// # Errors
    /// [`ClientError`] where TLS cannot be had.
    pub fn new(
        config: AliyunCaptchaConfig,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ClientError> {
        let url = match &config.url {
            Some(url) => url.clone(),
            None => Url::parse(USUAL_URL).map_err(|error| ClientError::of(&error))?,
        };
        Ok(Self { client: client(&url)?, config, url, clock, random })
    }
}

#[async_trait::async_trait]
impl Captcha for AliyunCaptcha {
    async fn is_passed(&self, text: &str) -> Result<bool, CaptchaError> {
        if text.is_empty() || text.len() > LONGEST_TEXT {
            return Ok(false);
        }
        let (host, date) = (host_of(&self.url), utc(self.clock.now()));
        let nonce = hex(&random_bytes::<16>(&*self.random));
        let query = [("CaptchaVerifyParam", text.to_owned()), ("SceneId", self.config.scene_id.clone())];
        let call = Call {
            host: &host,
            path: self.url.path(),
            action: ACTION,
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
        let secret = self.config.access_key_secret.expose_secret();
        let authorization = call.authorization(&self.config.access_key_id, secret);
        let answer = send(request.header("Authorization", authorization), "captcha").await;
        let answer = answer.map_err(|error| CaptchaError(error.to_owned()))?;
        match serde_json::from_slice::<Verdict>(&answer.body) {
            Ok(Verdict { code, result: Some(result) }) if code == "Success" => Ok(result.verify_result),
            Ok(Verdict { code, .. }) => Err(CaptchaError(format!("Alibaba Cloud answered {code}"))),
            Err(_) => Err(CaptchaError(format!("it answered {} without a verdict", answer.status))),
        }
    }
}
