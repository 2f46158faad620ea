//! A browser, which keeps cookies by path and names its origin.

use std::sync::LazyLock;

use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use super::{Answer, Events, PUBLIC_URL, Service, http::http};

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";

static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| http(CHROME));

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
        Self { http: HTTP.clone(), cookies: Vec::new(), origin: Some(PUBLIC_URL.to_owned()) }
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

    /// Returns the cookies that belong to a path.
    pub(crate) fn cookies_at(&self, path: &str) -> Vec<String> {
        let below = |at: &str| at == "/" || path == at || path.starts_with(&format!("{at}/"));
        self.cookies.iter().filter(|(_, _, at)| below(at)).map(|(n, v, _)| format!("{n}={v}")).collect()
    }

    fn with_cookies(&self, method: Method, url: &str) -> RequestBuilder {
        let request = self.http.request(method, url);
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let cookies = self.cookies_at(&format!("/{}", path.split('?').next().unwrap()));
        if cookies.is_empty() { request } else { request.header("Cookie", cookies.join("; ")) }
    }

    /// Starts a login and returns its id and the URL inside its QR code.
    pub(crate) async fn start(&mut self, service: &Service) -> (String, String) {
        let body = json!({"channel": "official_account"});
        let answer = self.call(service, Method::POST, "/v1/logins", Some(body)).await;
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
