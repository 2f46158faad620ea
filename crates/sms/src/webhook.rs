//! Codes handed to a web service of the operator's, which knows an SMS gateway.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use ring::hmac;
use saoma_domain::ports::{Clock, SmsError, SmsMessage, SmsSender};
use saoma_domain::text::hex;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

const TIME_LIMIT: Duration = Duration::from_secs(3);
const CONNECT_LIMIT: Duration = Duration::from_secs(1);

/// Where codes are handed to.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// The service's URL.
    pub url: Url,
    /// What messages are signed with, if they are.
    pub secret: Option<SecretString>,
}

/// Why a webhook sender could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be made: {0}")]
pub struct WebhookError(String);

/// Hands codes to a web service by `POST` with JSON `{"phone", "code", "purpose", "expires_in"}`.
///
/// With a secret each message carries `X-Saoma-Signature: t=<unix>,v1=<hex>`, the HMAC-SHA256 of `t.body`.
/// Only an answer of 2xx within 3 s counts as sent; redirects are not followed.
pub struct WebhookSender {
    config: WebhookConfig,
    clock: Arc<dyn Clock>,
    client: Client,
}

#[derive(Serialize)]
struct Body<'a> {
    phone: &'a str,
    code: &'a str,
    purpose: &'a str,
    expires_in: u64,
}

impl WebhookSender {
    /// Makes a sender.
    ///
    /// # Errors
    /// [`WebhookError`] when there is no usable TLS set-up.
    pub fn new(config: WebhookConfig, clock: Arc<dyn Clock>) -> Result<Self, WebhookError> {
        let tls = saoma_tls::client_config(config.url.scheme() == "https");
        let tls = tls.map_err(|error| WebhookError(error.to_string()))?;
        let builder = Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(TIME_LIMIT)
            .redirect(Policy::none())
            .tls_backend_preconfigured(tls)
            .no_proxy();
        let client = builder.build().map_err(|error| WebhookError(error.without_url().to_string()))?;
        Ok(Self { config, clock, client })
    }

    fn signature(&self, body: &[u8]) -> Option<String> {
        let secret = self.config.secret.as_ref()?;
        let t = self.clock.now().as_secs();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        let mut context = hmac::Context::with_key(&key);
        context.update(t.to_string().as_bytes());
        context.update(b".");
        context.update(body);
        Some(format!("t={t},v1={}", hex(context.sign().as_ref())))
    }
}

#[async_trait]
impl SmsSender for WebhookSender {
    async fn send(&self, message: SmsMessage) -> Result<(), SmsError> {
        let failed = |reason: String| SmsError { reason };
        let body = Body {
            phone: message.phone.e164(),
            code: message.code.reveal(),
            purpose: message.purpose,
            expires_in: message.expires_in.as_secs(),
        };
        let body = serde_json::to_vec(&body).map_err(|error| failed(error.to_string()))?;
        let mut request = self.client.post(self.config.url.clone()).header(CONTENT_TYPE, "application/json");
        if let Some(signature) = self.signature(&body) {
            request = request.header("X-Saoma-Signature", signature);
        }
        let answer = request.body(body).send().await.map_err(|error| failed(kind_of(&error).to_owned()))?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(failed(format!("the webhook answered {}", answer.status().as_u16())))
    }
}

/// Says what went wrong without the URL, which may hold a credential.
fn kind_of(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "the webhook did not answer within 3 s"
    } else if error.is_connect() {
        "the webhook cannot be reached"
    } else {
        "the webhook broke the connection"
    }
}
