//! Codes handed to a web service of the operator's, which knows an SMS gateway.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{Client, header::CONTENT_TYPE};
use ring::hmac;
use saoma_domain::{
    ports::{Clock, SmsMessage},
    text::hex,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::{
    ClientError,
    failure::Failure,
    http::{client, send},
    provider::Provider,
};

/// Where codes are handed to.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// The service's URL.
    pub url: Url,
    /// What messages are signed with, if they are.
    pub secret: Option<SecretString>,
}

/// Hands codes to a web service by `POST` with JSON `{"phone", "code", "purpose", "expires_in"}`.
///
/// With a secret each message carries `X-Saoma-Signature: t=<unix>,v1=<hex>`, the HMAC-SHA256 of `t.body`.
/// Only an answer of 2xx within 3 s counts as sent; redirects are not followed.
pub(crate) struct Webhook {
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

impl Webhook {
    pub(crate) fn new(config: WebhookConfig, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        let client = client(&config.url)?;
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
impl Provider for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    async fn send(&self, message: &SmsMessage) -> Result<(), Failure> {
        let body = Body {
            phone: message.phone.e164(),
            code: message.code.reveal(),
            purpose: message.purpose,
            expires_in: message.expires_in.as_secs(),
        };
        let body = serde_json::to_vec(&body).map_err(|error| Failure::NoAnswer(error.to_string()))?;
        let mut request = self.client.post(self.config.url.clone()).header(CONTENT_TYPE, "application/json");
        if let Some(signature) = self.signature(&body) {
            request = request.header("X-Saoma-Signature", signature);
        }
        let answer = send(request.body(body), "sms").await?;
        if (200..300).contains(&answer.status) {
            return Ok(());
        }
        Err(Failure::NoAnswer(format!("it answered {}", answer.status)))
    }
}
