//! Clients: a browser, which keeps cookies by path and names its origin, and a device, which keeps its
//! secrets itself.

use std::sync::LazyLock;

use reqwest::{Method, RequestBuilder, Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use super::{Events, Service};
use crate::common::settings::PUBLIC_URL;

/// What a browser and a device call themselves.
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";
const DEVICE: &str = "living-room-tv/1.0";

/// An answer that was read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body as JSON, or null.
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, json }
    }

    /// Returns the login's state, or the problem's code.
    pub(crate) fn says(&self) -> &str {
        let word = self.json["state"].as_str().or_else(|| self.json["code"].as_str());
        word.unwrap_or_else(|| panic!("neither a state nor a problem: {} {}", self.status, self.text))
    }

    /// Returns the session's token that a device was handed over.
    pub(crate) fn token(&self) -> &str {
        self.json["session"]["token"].as_str().unwrap_or_else(|| panic!("no session: {}", self.text))
    }

    /// Returns for how many seconds the service asks to be left alone.
    pub(crate) fn retry_after(&self) -> u64 {
        self.headers["retry-after"].to_str().unwrap().parse().unwrap()
    }

    /// Returns where a browser is sent.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::FOUND, "{}", self.text);
        self.headers["location"].to_str().unwrap()
    }

    /// Checks that it is a problem in the contract's shape and returns its code.
    pub(crate) fn problem(&self) -> &str {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text);
        assert_eq!(self.json["status"], self.status.as_u16());
        assert_eq!(self.json["request_id"].as_str().unwrap(), self.headers["x-request-id"].to_str().unwrap());
        for field in ["type", "title", "detail"] {
            assert!(self.json[field].is_string(), "{field} is missing: {}", self.text);
        }
        self.json["code"].as_str().unwrap()
    }
}

/// Making a client takes longer than a request does, so that all browsers share one, and all devices. They keep
/// no connection, since every test has a runtime of its own.
static BROWSERS: LazyLock<reqwest::Client> = LazyLock::new(|| http(CHROME));
static DEVICES: LazyLock<reqwest::Client> = LazyLock::new(|| http(DEVICE));

fn http(user_agent: &str) -> reqwest::Client {
    // The sandbox may have done so before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.user_agent(user_agent).pool_max_idle_per_host(0).build().unwrap()
}

/// A TV or a program: it holds its poll token and its session token itself.
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

    /// Asks for a login, with more wishes than the channel and the client, and returns the answer.
    pub(crate) async fn ask(service: &Service, mut wish: Value) -> Answer {
        if wish["channel"].is_null() {
            wish["channel"] = "official_account".into();
        }
        wish["client"] = "device".into();
        let request = DEVICES.post(format!("{}/v1/logins", service.url)).json(&wish);
        Answer::read(request.send().await.unwrap()).await
    }

    /// Takes the login that an answer has told of.
    pub(crate) fn started(answer: &Answer) -> Self {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let text = |name: &str| answer.json[name].as_str().unwrap().to_owned();
        Self {
            http: DEVICES.clone(),
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

/// A browser with one page of the site open: cookies by path, and an `Origin` on every call that changes
/// something.
#[derive(Clone)]
pub(crate) struct Browser {
    http: reqwest::Client,
    /// Name, value and path.
    pub(crate) cookies: Vec<(String, String, String)>,
    /// What it names as its origin; `None` leaves the header out.
    pub(crate) origin: Option<String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { http: BROWSERS.clone(), cookies: Vec::new(), origin: Some(PUBLIC_URL.to_owned()) }
    }

    /// Makes a call as a page's script does.
    pub(crate) async fn call(
        &mut self,
        service: &Service,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.request(service, method.clone(), path);
        if let Some(origin) = self.origin.as_ref().filter(|_| method != Method::GET) {
            request = request.header("Origin", origin);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = Answer::read(request.send().await.unwrap()).await;
        self.keep(&answer.headers);
        answer
    }

    /// Goes to an address of the site, as a person does who is led there.
    pub(crate) async fn visit(&mut self, service: &Service, address: &str) -> Answer {
        let path = address.strip_prefix(PUBLIC_URL).unwrap_or(address);
        assert!(path.starts_with('/'), "{address} is not of this site");
        let answer = self.load(&format!("{}{path}", service.url)).await;
        self.keep(&answer.headers);
        answer
    }

    /// Goes to a whole address and keeps no cookie of it.
    pub(crate) async fn load(&self, url: &str) -> Answer {
        let request = self.with_cookies(Method::GET, url);
        let request = request.header("Accept", "text/html,*/*;q=0.8").header("Sec-Fetch-Mode", "navigate");
        Answer::read(request.send().await.unwrap()).await
    }

    /// Sets out to log in at WeChat, and returns WeChat's address.
    pub(crate) async fn authorize(&mut self, service: &Service, query: &str) -> String {
        let answer = self.visit(service, &format!("/v1/oauth/authorize?{query}")).await;
        answer.location().to_owned()
    }

    /// Returns the value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(n, _, _)| n == name).map(|(_, value, _)| value.as_str())
    }

    /// Asks whose session the browser has.
    pub(crate) async fn session(&mut self, service: &Service) -> Answer {
        self.call(service, Method::GET, "/v1/session", None).await
    }

    /// Opens a login's stream of events.
    pub(crate) async fn events(&self, service: &Service, id: &str) -> Events {
        Events::open(self.request(service, Method::GET, &format!("/v1/logins/{id}/events")), None).await
    }

    /// Makes a request with the cookies that belong to its path.
    fn request(&self, service: &Service, method: Method, path: &str) -> RequestBuilder {
        self.with_cookies(method, &format!("{}{path}", service.url))
    }

    fn with_cookies(&self, method: Method, url: &str) -> RequestBuilder {
        let request = self.http.request(method, url);
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let under = format!("/{}", path.split('?').next().unwrap());
        let below = |at: &str| at == "/" || under == at || under.starts_with(&format!("{at}/"));
        let cookies: Vec<String> =
            self.cookies.iter().filter(|(_, _, at)| below(at)).map(|(n, v, _)| format!("{n}={v}")).collect();
        if cookies.is_empty() { request } else { request.header("Cookie", cookies.join("; ")) }
    }

    /// Starts a login and returns its id and the URL inside its QR code.
    pub(crate) async fn start(&mut self, service: &Service) -> (String, String) {
        let wish = json!({"channel": "official_account"});
        let answer = self.call(service, Method::POST, "/v1/logins", Some(wish)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let qr = answer.json["qr"]["content"].as_str().unwrap().to_owned();
        (answer.json["id"].as_str().unwrap().to_owned(), qr)
    }

    /// Keeps the cookies that an answer sets.
    pub(crate) fn keep(&mut self, headers: &HeaderMap) {
        for set in headers.get_all("set-cookie") {
            let mut parts = set.to_str().unwrap().split("; ");
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let attributes: Vec<&str> = parts.collect();
            let path = attributes.iter().find_map(|part| part.strip_prefix("Path=")).unwrap();
            self.cookies.retain(|(n, _, at)| (n.as_str(), at.as_str()) != (name, path));
            if !attributes.contains(&"Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned(), path.to_owned()));
            }
        }
    }
}
