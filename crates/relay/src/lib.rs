//! The site's own system behind the login service, over HTTP: it is called as WeChat would call it.

#![deny(missing_docs)]

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, Response, header::CONTENT_TYPE, redirect::Policy};
use saoma_domain::{
    message::{RawMessage, RelayAnswer},
    ports::{Relay, RelayError},
    wechat::AppName,
};
use url::Url;

const CONNECT_LIMIT: Duration = Duration::from_secs(1);
const TIME_LIMIT: Duration = Duration::from_secs(30);
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The system behind one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayTarget {
    /// Where it is called; what its URL has of a query stays in front of WeChat's.
    pub url: Url,
    /// Whether it is told of logins, too.
    pub with_logins: bool,
}

/// Why the HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be made: {0}")]
pub struct HttpRelayError(String);

/// Hands messages to the systems behind the apps that have one.
pub struct HttpRelay {
    client: Client,
    targets: BTreeMap<AppName, RelayTarget>,
}

impl HttpRelay {
    /// Makes the relay of these apps.
    ///
    /// # Errors
    /// [`HttpRelayError`] when there is no usable TLS set-up.
    pub fn new(targets: BTreeMap<AppName, RelayTarget>) -> Result<Self, HttpRelayError> {
        let is_https = targets.values().any(|target| target.url.scheme() == "https");
        let tls = saoma_tls::client_config(is_https).map_err(|error| HttpRelayError(error.to_string()))?;
        let builder = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_LIMIT)
            .tls_backend_preconfigured(tls)
            .timeout(TIME_LIMIT);
        let client = builder.build().map_err(|error| HttpRelayError(error.without_url().to_string()))?;
        Ok(Self { client, targets })
    }
}

#[async_trait]
impl Relay for HttpRelay {
    fn relays(&self, app: &AppName) -> bool {
        self.targets.contains_key(app)
    }

    fn relays_logins(&self, app: &AppName) -> bool {
        self.targets.get(app).is_some_and(|target| target.with_logins)
    }

    async fn forward(&self, app: &AppName, raw: &RawMessage) -> Result<RelayAnswer, RelayError> {
        let Some(target) = self.targets.get(app) else {
            return Err(RelayError { reason: format!("wechat.apps.{app} has no relay_url") });
        };
        let failed = |what: &str| RelayError { reason: format!("{} {what}", address(&target.url)) };
        let mut request = self.client.post(called(&target.url, &raw.query)).body(raw.body.clone());
        if !raw.content_type.is_empty() {
            request = request.header(CONTENT_TYPE, &raw.content_type);
        }
        let answer = request.send().await.map_err(|error| failed(kind_of(&error)))?;
        if !answer.status().is_success() {
            return Err(failed(&format!("answered {}", answer.status().as_u16())));
        }
        let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let body = read_capped(answer).await.map_err(failed)?;
        Ok(RelayAnswer { content_type, body })
    }
}

/// Returns where to call with WeChat's query.
fn called(url: &Url, query: &str) -> Url {
    let query = match url.query().filter(|own| !own.is_empty()) {
        Some(own) => format!("{own}&{query}"),
        None => query.to_owned(),
    };
    let mut url = url.clone();
    url.set_query(Some(&query).filter(|query| !query.is_empty()).map(String::as_str));
    url
}

/// Returns what an operator is shown of a URL: not its query, which may be a secret.
fn address(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}:{port}{}", url.host_str().unwrap_or_default(), url.path())
}

async fn read_capped(mut answer: Response) -> Result<Vec<u8>, &'static str> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| "broke off its answer")? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err("answered with more than 64 KiB");
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Says what went wrong without the URL.
fn kind_of(error: &reqwest::Error) -> &'static str {
    if error.is_connect() {
        "cannot be reached"
    } else if error.is_timeout() {
        "did not answer within 30 s"
    } else {
        "broke the connection"
    }
}
