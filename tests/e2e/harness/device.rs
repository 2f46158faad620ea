//! A device, which keeps its secrets itself.

use std::sync::LazyLock;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Events, Service, http::http};

static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| http("living-room-tv/1.0"));

/// A TV or a program: it keeps its poll token and its session token itself.
#[derive(Clone)]
pub(crate) struct Device {
    http: reqwest::Client,
    pub(crate) id: String,
    pub(crate) poll_token: String,
    pub(crate) started: Value,
}

impl Device {
    /// Starts a login.
    pub(crate) async fn start(service: &Service) -> Self {
        Self::started(&Self::ask(service, json!({})).await)
    }

    /// Starts a login at one of several official accounts.
    pub(crate) async fn start_at(service: &Service, app: &str) -> Self {
        Self::started(&Self::ask(service, json!({"app": app})).await)
    }

    /// Starts a login at an address, as a trusted proxy names it.
    pub(crate) async fn start_from(service: &Service, address: &str) -> Self {
        Self::started(&Self::ask_from(service, address, json!({})).await)
    }

    /// Asks for a login, with more wishes than the channel and the client, and returns the answer.
    pub(crate) async fn ask(service: &Service, body: Value) -> Answer {
        Self::ask_from(service, "127.0.0.1", body).await
    }

    /// Does the same at an address, as a trusted proxy names it.
    pub(crate) async fn ask_from(service: &Service, address: &str, mut body: Value) -> Answer {
        if body["channel"].is_null() {
            body["channel"] = "official_account".into();
        }
        body["client"] = "device".into();
        let request = HTTP.post(format!("{}/v1/logins", service.url)).json(&body);
        let request = request.header("x-forwarded-for", address);
        Answer::read(request.send().await.unwrap()).await
    }

    /// Takes the login that an answer has told of.
    pub(crate) fn started(answer: &Answer) -> Self {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let text = |name: &str| answer.json[name].as_str().unwrap().to_owned();
        Self {
            http: HTTP.clone(),
            id: text("id"),
            poll_token: text("poll_token"),
            started: answer.json.clone(),
        }
    }

    /// Returns the URL inside the QR code.
    pub(crate) fn qr(&self) -> &str {
        self.started["qr"]["content"].as_str().unwrap()
    }

    async fn call(&self, service: &Service, method: Method, below: &str, body: Option<Value>) -> Answer {
        let url = format!("{}/v1/logins/{}{below}", service.url, self.id);
        let request = self.http.request(method, url).bearer_auth(&self.poll_token);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        Answer::read(request.send().await.unwrap()).await
    }

    /// Asks how the login stands.
    pub(crate) async fn look(&self, service: &Service) -> Answer {
        self.call(service, Method::GET, "", None).await
    }

    /// Waits for something newer than a version.
    pub(crate) async fn wait(&self, service: &Service, secs: u32, since: u32) -> Answer {
        self.call(service, Method::GET, &format!("?wait={secs}&since={since}"), None).await
    }

    pub(crate) async fn cancel(&self, service: &Service) -> Answer {
        self.call(service, Method::DELETE, "", None).await
    }

    pub(crate) async fn send_code(&self, service: &Service, phone: &str) -> Answer {
        self.call(service, Method::POST, "/sms-codes", Some(json!({"phone": phone}))).await
    }

    pub(crate) async fn bind(&self, service: &Service, phone: &str, code: &str) -> Answer {
        self.call(service, Method::POST, "/phone", Some(json!({"phone": phone, "code": code}))).await
    }

    /// Goes on without a phone number.
    pub(crate) async fn skip_phone(&self, service: &Service) -> Answer {
        self.call(service, Method::POST, "/phone", Some(json!({"skip": true}))).await
    }

    /// Gives a mini program's phone number: its code, or its encrypted data.
    pub(crate) async fn bind_wechat(&self, service: &Service, proof: Value) -> Answer {
        self.call(service, Method::POST, "/wechat-phone", Some(proof)).await
    }

    /// Opens the login's stream of events, after the one that was seen last.
    pub(crate) async fn events(&self, service: &Service, last: Option<u32>) -> Events {
        let url = format!("{}/v1/logins/{}/events", service.url, self.id);
        Events::open(self.http.get(url).bearer_auth(&self.poll_token), last).await
    }

    /// Makes a call with the token of a session.
    pub(crate) async fn with_session(
        &self,
        service: &Service,
        method: Method,
        path: &str,
        token: &str,
    ) -> Answer {
        let request = self.http.request(method, format!("{}{path}", service.url)).bearer_auth(token);
        Answer::read(request.send().await.unwrap()).await
    }

    /// Asks whose session a token is.
    pub(crate) async fn session(&self, service: &Service, token: &str) -> Answer {
        self.with_session(service, Method::GET, "/v1/session", token).await
    }

    /// Ends the session of a token.
    pub(crate) async fn log_out(&self, service: &Service, token: &str) -> Answer {
        self.with_session(service, Method::DELETE, "/v1/session", token).await
    }
}
