//! Any HTTP gateway: method, URL, headers and body of the operator's, and what counts as success.

use reqwest::{Client, Method, header::HeaderName};
use saoma_domain::ports::SmsMessage;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::{
    ClientError,
    failure::Failure,
    http::{client, send},
    placeholders::Placeholders,
    provider::Provider,
};

/// How an HTTP gateway is called. URL, values of headers and body may hold `{phone}` (E.164), `{national}`, `{code}`,
/// `{minutes}` and `{secret}`.
#[derive(Clone, Debug)]
pub struct TemplateConfig {
    /// The method: `GET`, `POST` or `PUT`.
    pub method: String,
    /// The URL.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: String,
    /// What `{secret}` stands for.
    pub secret: Option<SecretString>,
    /// What counts as success.
    pub success: Success,
}

/// What counts as success.
#[derive(Clone, Debug, PartialEq)]
pub struct Success {
    /// One of these statuses; any 2xx where there are none.
    pub status: Vec<u16>,
    /// A place in the JSON of the answer, and what has to stand there.
    pub value: Option<(String, Value)>,
}

/// Sends by any HTTP gateway.
pub(crate) struct Template {
    config: TemplateConfig,
    client: Client,
}

impl Template {
    pub(crate) fn new(config: TemplateConfig) -> Result<Self, ClientError> {
        // The placeholders may stand in the query, which the client does not depend on.
        let url = config.url.split(['?', '{']).next().unwrap_or_default();
        let url = Url::parse(url).map_err(|error| ClientError::of(&error))?;
        Ok(Self { client: client(&url)?, config })
    }

    fn is_success(&self, status: u16, body: &[u8]) -> Result<(), Failure> {
        let Success { status: statuses, value } = &self.config.success;
        let has_status =
            if statuses.is_empty() { (200..300).contains(&status) } else { statuses.contains(&status) };
        if !has_status {
            return Err(Failure::NoAnswer(format!("it answered {status}")));
        }
        let Some((pointer, expected)) = value else { return Ok(()) };
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        if answer.pointer(pointer).is_some_and(|found| is_same(found, expected)) {
            return Ok(());
        }
        Err(Failure::NoAnswer(format!("its answer does not have the expected value at {pointer}")))
    }
}

/// Compares as operators mean it: `0` and `"0"` are the same.
fn is_same(found: &Value, expected: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text(found) == text(expected)
}

#[async_trait::async_trait]
impl Provider for Template {
    fn name(&self) -> &'static str {
        "template"
    }

    async fn send(&self, message: &SmsMessage) -> Result<(), Failure> {
        let TemplateConfig { method, url, headers, body, secret, success: _ } = &self.config;
        let filled = Placeholders::of(message, secret.as_ref());
        let url =
            Url::parse(&filled.fill_encoded(url)).map_err(|_| "sms.url is no URL once it is filled in")?;
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| "sms.method is no method")?;
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "sms.headers has a wrong name")?;
            request = request.header(name, filled.fill(value));
        }
        if !body.is_empty() {
            let is_form = headers.iter().any(|(name, value)| {
                name.eq_ignore_ascii_case("content-type")
                    && value.starts_with("application/x-www-form-urlencoded")
            });
            request = request.body(if is_form { filled.fill_encoded(body) } else { filled.fill_json(body) });
        }
        let answer = send(request, "sms").await?;
        self.is_success(answer.status, &answer.body)
    }
}
