//! HTTP to WeChat's API, with limits on time, size and repetition.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use saoma_domain::ports::{Clock, Random, random_bytes};
use saoma_trace::Callee;
use serde::Serialize;
use tokio::time::Instant;

use super::answer::Answer;
use super::api::{Api, Method, Repeat};
use super::calls;
use super::endpoints::WechatClientError;
use super::failure::CallFailure;
use super::times::WechatTimes;

pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const MAX_ANSWER_BYTES: usize = 256 * 1024;
const SHORTEST_PAUSE_MS: u64 = 50;

/// What is added to the query of a call: names and values.
pub(super) type Added<'c> = [(&'static str, &'c str)];

/// Sends requests to WeChat's API, for all apps.
pub(super) struct Transport {
    client: Client,
    api_base: String,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    /// The longest time that one call takes, with everything that it repeats.
    pub(super) timeout: Duration,
    pub(super) times: WechatTimes,
}

impl Transport {
    pub(super) fn new(
        api_base: String,
        timeout: Duration,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, WechatClientError> {
        let tls = saoma_tls::client_config(api_base.starts_with("https:"));
        let tls = tls.map_err(|error| WechatClientError::Tls(error.to_string()))?;
        let builder = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            // The table of calls says what may be sent again, and codes never may.
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .tls_backend_preconfigured(tls)
            .user_agent("saoma");
        let client = builder.build().map_err(|error| WechatClientError::Tls(root_cause(&error)))?;
        Ok(Self { client, api_base, random, clock, timeout, times: WechatTimes::of(calls::PATHS) })
    }

    pub(super) fn api_base(&self) -> &str {
        &self.api_base
    }

    /// Returns where WeChat's API is, such as `api.weixin.qq.com`, for logs.
    pub(super) fn address(&self) -> &str {
        self.api_base.split_once("://").map_or(self.api_base.as_str(), |(_scheme, address)| address)
    }

    /// Sends a request and reads the answer. Where the API allows it, sends it once more after a short random
    /// pause when WeChat could not be reached or was busy.
    pub(super) async fn send<A: Answer>(
        &self,
        api: &Api,
        added: &Added<'_>,
        parameters: &impl Serialize,
    ) -> Result<A, CallFailure> {
        match (self.send_measured(api, added, parameters).await, api.repeat) {
            (Err(failure), Repeat::Safe) if failure.is_transient() => {}
            (result, Repeat::Safe | Repeat::Never) => return result,
        }
        let [jitter] = random_bytes::<1>(self.random.as_ref());
        tokio::time::sleep(Duration::from_millis(SHORTEST_PAUSE_MS + u64::from(jitter))).await;
        self.send_measured(api, added, parameters).await
    }

    async fn send_measured<A: Answer>(
        &self,
        api: &Api,
        added: &Added<'_>,
        parameters: &impl Serialize,
    ) -> Result<A, CallFailure> {
        let began = Instant::now();
        let result = self.send_once(api, added, parameters).await;
        self.times.count(api.path, &result, began.elapsed());
        result
    }

    async fn send_once<A: Answer>(
        &self,
        api: &Api,
        added: &Added<'_>,
        parameters: &impl Serialize,
    ) -> Result<A, CallFailure> {
        let url = format!("{}{}", self.api_base, api.path);
        let request = match api.method {
            Method::Get => self.client.get(url).query(added).query(parameters),
            Method::Post => self.client.post(url).query(added).json(parameters),
        };
        let sent = saoma_trace::send(request, api.path, Callee::Foreign).await;
        let response = sent.map_err(|error| CallFailure::Unreachable(root_cause(&error.without_url())))?;
        // WeChat's refusals have status 200 too.
        if !response.status().is_success() {
            let cause = format!("the answer has HTTP status {}", response.status().as_u16());
            // A gateway that has not reached WeChat, most likely.
            let is_gateway = response.status().is_server_error();
            return Err(if is_gateway {
                CallFailure::Unreachable(cause)
            } else {
                CallFailure::Unusable(cause)
            });
        }
        A::read(&read_capped(response).await?)
    }
}

/// Reads a body, but never more than 256 KiB of it.
async fn read_capped(mut response: Response) -> Result<Vec<u8>, CallFailure> {
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|_| CallFailure::unusable("the answer was cut off"))? else {
            return Ok(body);
        };
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(CallFailure::unusable("the answer is larger than 256 KiB"));
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
