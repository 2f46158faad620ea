//! A device that asks again when it got no answer, as every client has to.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::Figures;

/// How long to wait after a connection that broke, and after a 503; that says a second, and these are busier.
const AFTER_BREAK: Duration = Duration::from_millis(20);
const AFTER_503: Duration = Duration::from_millis(200);

/// How long an answer may take, and one that is waited for; longer than every limit of the service.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
const WAITED_LIMIT: Duration = Duration::from_secs(90);

/// When a client gives up in any case.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a service cannot serve for the moment.
const HONEST: [&str; 3] = ["store_unavailable", "sms_unavailable", "wechat_unavailable"];

/// The same on a page for people.
const HONEST_WORDS: &str = "服务暂时不可用";

/// An answer that says something.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

impl Answer {
    /// Returns the state of a login, or the code of a problem.
    pub(crate) fn says(&self) -> &str {
        self.json["state"].as_str().or(self.json["code"].as_str()).unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_default().to_owned()
    }
}

/// A login that was started.
pub(crate) struct Started {
    pub(crate) id: String,
    pub(crate) poll_token: String,
    /// What the QR code says.
    pub(crate) qr: String,
}

/// A client of a site.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    pub(crate) figures: Arc<Figures>,
}

impl Client {
    pub(crate) fn new(base: &str, figures: Arc<Figures>) -> Self {
        let builder = reqwest::Client::builder().no_proxy().user_agent("living-room-tv/1.0");
        Self { http: builder.build().unwrap(), base: base.to_owned(), figures }
    }

    /// Starts a login.
    pub(crate) async fn start(&self) -> Started {
        self.start_at("main").await
    }

    /// Starts a login by an official account.
    pub(crate) async fn start_at(&self, app: &str) -> Started {
        let wish = json!({"channel": "official_account", "client": "device", "app": app});
        let answer = self.call(Method::POST, "/v1/logins", "", Some(wish)).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        let qr = answer.json["qr"]["content"].as_str().unwrap().to_owned();
        Started { id: answer.text("id"), poll_token: answer.text("poll_token"), qr }
    }

    /// Asks how a login stands, and waits for so many seconds for something newer than what was seen.
    pub(crate) async fn look(&self, login: &Started, wait: u32, since: u64) -> Answer {
        let path = format!("/v1/logins/{}?wait={wait}&since={since}", login.id);
        self.call(Method::GET, &path, &login.poll_token, None).await
    }

    /// Posts something to a login.
    pub(crate) async fn post(&self, login: &Started, below: &str, body: Value) -> Answer {
        let path = format!("/v1/logins/{}/{below}", login.id);
        self.call(Method::POST, &path, &login.poll_token, Some(body)).await
    }

    /// Asks whose session a token is.
    pub(crate) async fn session(&self, token: &str) -> Answer {
        self.call(Method::GET, "/v1/session", token, None).await
    }

    /// Sends the form of a page for people, which is no JSON.
    pub(crate) async fn send_form(&self, path: &str, form: &'static str) -> Answer {
        self.call(Method::POST, path, "", Some(Value::from(form))).await
    }

    /// Sends a request, again and again, until there is an answer to it; 503 is none.
    async fn call(&self, method: Method, path: &str, bearer: &str, body: Option<Value>) -> Answer {
        let begin = Instant::now();
        loop {
            match self.once(method.clone(), path, bearer, body.clone()).await {
                Ok(answer) if answer.status == 503 => {
                    self.figures.refused(&answer);
                    sleep(AFTER_503).await;
                }
                Ok(answer) => return answer,
                Err(_) => {
                    self.figures.retried();
                    sleep(AFTER_BREAK).await;
                }
            }
            assert!(begin.elapsed() < PATIENCE, "no answer to {method} {path}");
        }
    }

    /// Sends a request once.
    pub(crate) async fn once(
        &self,
        method: Method,
        path: &str,
        bearer: &str,
        body: Option<Value>,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if !bearer.is_empty() {
            request = request.bearer_auth(bearer);
        }
        request = match body {
            None => request,
            Some(Value::String(form)) => {
                request.header("content-type", "application/x-www-form-urlencoded").body(form)
            }
            Some(body) => request.json(&body),
        };
        let limit = if path.contains("wait=") { WAITED_LIMIT } else { ANSWER_LIMIT };
        let response = request.timeout(limit).send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok(Answer { status, json: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }
}

/// Returns whether an answer says in the contract's words that it cannot serve for the moment.
pub(crate) fn is_honest_503(answer: &Answer) -> bool {
    let page = answer.json.as_str().unwrap_or_default();
    answer.status == 503 && (HONEST.contains(&answer.says()) || page.contains(HONEST_WORDS))
}
