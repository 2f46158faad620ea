//! The HTTP client of the simulated WeChat.

use std::time::Duration;

use reqwest::redirect::Policy;
use saoma_wechat::callback::{CallbackFormat, CallbackQuery, Push};
use url::Url;

use crate::error::SandboxError;

/// The most bytes that are read of an answer; replies are much smaller.
const MAX_ANSWER: usize = 64 * 1024;

/// Status and body of an answer, or why there is none.
pub(crate) type Received = Result<(u16, Vec<u8>), &'static str>;

/// Follows no redirect and uses no proxy.
#[derive(Debug)]
pub(crate) struct HttpClient {
    client: reqwest::Client,
}

impl HttpClient {
    pub(crate) fn new() -> Result<Self, SandboxError> {
        // The callback may be anywhere; without certificates only http works.
        let tls = saoma_tls::client_config(true).or_else(|_| saoma_tls::client_config(false));
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_backend_preconfigured(tls.map_err(SandboxError::Tls)?)
            .redirect(Policy::none())
            .user_agent("Mozilla/4.0")
            .build()
            .map_err(SandboxError::Client)?;
        Ok(Self { client })
    }

    /// Posts a message to the callback URL.
    pub(crate) async fn post(
        &self,
        url: &Url,
        format: CallbackFormat,
        push: Push,
        timeout: Duration,
    ) -> Received {
        let kind = match format {
            CallbackFormat::Xml => "text/xml",
            CallbackFormat::Json => "application/json",
        };
        let request = self.client.post(url.clone()).query(&push.query).body(push.body);
        send(request.header("Content-Type", kind).timeout(timeout)).await
    }

    /// Posts JSON to a service, as a mini program does.
    pub(crate) async fn post_json(
        &self,
        url: &Url,
        body: &serde_json::Value,
        token: Option<&str>,
        timeout: Duration,
    ) -> Received {
        let request = self.client.post(url.clone()).json(body).timeout(timeout);
        send(token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth)).await
    }

    /// Sends the check of a callback URL.
    pub(crate) async fn get(&self, url: &Url, query: &CallbackQuery, timeout: Duration) -> Received {
        send(self.client.get(url.clone()).query(query).timeout(timeout)).await
    }
}

async fn send(request: reqwest::RequestBuilder) -> Received {
    let mut response = request.send().await.map_err(|error| reason(&error))?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err("answer too large");
        }
        body.extend_from_slice(&chunk);
    }
    Ok((response.status().as_u16(), body))
}

fn reason(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "broken connection"
    }
}
