//! The relay: the site's own system behind an app is called as WeChat would call it.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, header::CONTENT_TYPE};
use saoma_domain::{
    message::{RawMessage, RelayAnswer},
    ports::{Relay, RelayError},
    wechat::AppName,
};
use saoma_trace::{Callee, send};
use url::Url;

use crate::http::{HttpRelayError, address, client, kind_of, read_capped};

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
        let client = client(TIME_LIMIT, is_https)?;
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
        let answer = send(request, "relay", Callee::Own).await;
        let answer = answer.map_err(|error| failed(&kind_of(&error, TIME_LIMIT)))?;
        if !answer.status().is_success() {
            return Err(failed(&format!("answered {}", answer.status().as_u16())));
        }
        let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let body = read_capped(answer, MAX_ANSWER_BYTES).await.map_err(|what| failed(&what))?;
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
