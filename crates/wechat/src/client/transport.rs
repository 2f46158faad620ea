//! HTTP, bounded in every direction.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use saoma_domain::ports::{Random, random_bytes};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer;
use super::endpoints::WechatClientError;
use super::failure::Failure;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const MAX_ANSWER_BYTES: usize = 256 * 1024;
const SHORTEST_PAUSE_MS: u64 = 50;

/// A request: a path of the API, its query, and a body where it is a POST.
pub(super) struct Request<'r> {
    pub(super) path: &'static str,
    pub(super) query: &'r [(&'static str, &'r str)],
    pub(super) body: Option<&'r Value>,
}

/// Sends requests to WeChat's API.
#[derive(Clone)]
pub(super) struct Transport {
    client: Client,
    api_base: String,
    random: Arc<dyn Random>,
}

impl Transport {
    pub(super) fn new(api_base: String, random: Arc<dyn Random>) -> Result<Self, WechatClientError> {
        // An error says that the process has a provider already, and any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            // What is sent again is decided here, and codes never are.
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent("saoma");
        if !api_base.starts_with("https:") {
            // A simulated WeChat has no TLS; then a system without any CA certificate is good enough.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|error| WechatClientError::Tls(root_cause(&error)))?;
        Ok(Self { client, api_base, random })
    }

    /// Sends a request and reads the answer; once more after a short random pause when WeChat could not be
    /// reached or was busy. Only for requests that may be sent twice.
    pub(super) async fn call<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Failure> {
        match self.call_once(request).await {
            Err(failure) if failure.is_transient() => {}
            done => return done,
        }
        let [jitter] = random_bytes::<1>(self.random.as_ref());
        tokio::time::sleep(Duration::from_millis(SHORTEST_PAUSE_MS + u64::from(jitter))).await;
        self.call_once(request).await
    }

    /// Sends a request once and reads the answer, for requests that mean something else the second time.
    pub(super) async fn call_once<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Failure> {
        let url = format!("{}{}", self.api_base, request.path);
        let builder = match request.body {
            Some(body) => self.client.post(url).json(body),
            None => self.client.get(url),
        };
        let sent = builder.query(request.query).send().await;
        let response = sent.map_err(|error| Failure::Unreachable(root_cause(&error.without_url())))?;
        if !response.status().is_success() {
            return Err(Failure::Nonsense(format!(
                "the answer has HTTP status {}",
                response.status().as_u16()
            )));
        }
        answer::read(&read_capped(response).await?)
    }
}

/// Reads a body, but never more than 256 KiB of it.
async fn read_capped(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|_| Failure::Nonsense("the answer was cut off".to_owned()))? else {
            return Ok(body);
        };
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Failure::Nonsense("the answer is larger than 256 KiB".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
}

/// Returns the innermost cause, such as `Connection refused`, which unlike the outer ones names no address.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
