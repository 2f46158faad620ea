//! Browsers: every secret is a cookie, and none is ever in an answer that a page's script can read.

use reqwest::Method;
use saoma_sandbox::Person;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, PATIENCE, Service, Setup, register};

/// A browser that remembers what its scripts could read.
struct Watched {
    browser: Browser,
    read: Vec<String>,
}

impl Watched {
    fn new() -> Self {
        Self { browser: Browser::new(), read: Vec::new() }
    }

    async fn call(&mut self, service: &Service, method: Method, path: &str, body: Option<Value>) -> Answer {
        let answer = self.browser.call(service, method, path, body).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}");
        }
        self.read.push(answer.text.clone());
        answer
    }

    async fn start(&mut self, service: &Service) -> (String, String) {
        let body = json!({"channel": "official_account"});
        let started = self.call(service, Method::POST, "/v1/logins", Some(body)).await;
        assert_eq!(started.status, 201, "{}", started.text);
        let qr = started.json["qr"]["content"].as_str().unwrap().to_owned();
        (format!("/v1/logins/{}", started.json["id"].as_str().unwrap()), qr)
    }

    async fn bind(&mut self, service: &Service, login: &str, person: &Person) -> Answer {
        let body = json!({"phone": person.phone()});
        let asked = self.call(service, Method::POST, &format!("{login}/sms-codes"), Some(body)).await;
        assert_eq!(asked.status, 202, "{}", asked.text);
        let code = person.next_sms(0, PATIENCE).await.expect("the code arrives").code;
        let proof = json!({"phone": person.phone(), "code": code});
        self.call(service, Method::POST, &format!("{login}/phone"), Some(proof)).await
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        let mut values = self.browser.cookies.iter().filter(|(found, ..)| found == name);
        values.next().map(|(_, value, _)| value.as_str())
    }
}

#[tokio::test]
async fn a_browser_goes_the_whole_way_with_cookies_only() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let mut page = Watched::new();
    let (login, qr) = page.start(&service).await;
    let waiting = format!("{login}?wait=30&since=1");
    let (_, scanned) = tokio::join!(ming.scan(&qr), page.call(&service, Method::GET, &waiting, None));
    assert_eq!(scanned.says(), "unregistered");
    let bound = page.bind(&service, &login, &ming).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    assert!(bound.json["session"]["expires_in"].is_number());

    let secrets: Vec<String> =
        ["saoma_login", "saoma_session"].map(|name| page.cookie(name).unwrap().to_owned()).to_vec();
    let session = page.call(&service, Method::GET, "/v1/session", None).await;
    assert_eq!(session.json["account"]["id"], bound.json["account"]["id"]);
    page.call(&service, Method::GET, "/v1/sessions", None).await;
    page.call(&service, Method::GET, &login, None).await;
    assert_eq!(page.cookie("saoma_session"), Some(secrets[1].as_str()), "asked again, the same session");
    for secret in &secrets {
        assert_eq!(secret.len(), 43, "256 bits");
        assert!(page.read.iter().all(|text| !text.contains(secret)), "{:?}", page.read);
    }
}

#[tokio::test]
async fn a_browser_logs_out_and_may_do_so_twice() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let mut page = Watched::new();
    let (login, qr) = page.start(&service).await;
    ming.scan(&qr).await.unwrap();
    assert_eq!(page.call(&service, Method::GET, &login, None).await.says(), "registered");
    let before = page.browser.clone();

    for _ in 0..2 {
        let out = page.call(&service, Method::DELETE, "/v1/session", None).await;
        assert_eq!(out.status, 204, "{}", out.text);
        assert!(out.headers["set-cookie"].to_str().unwrap().starts_with("saoma_session=; "));
        assert_eq!(page.cookie("saoma_session"), None, "the cookie is cleared");
        let after = page.call(&service, Method::GET, "/v1/session", None).await;
        assert_eq!((after.status.as_u16(), after.problem()), (401, "session_invalid"));
    }
    let kept = before.clone().call(&service, Method::GET, "/v1/session", None).await;
    assert_eq!(kept.status, 401, "nor does the old cookie count");
}

#[tokio::test]
async fn a_browser_ends_all_its_sessions_and_loses_the_cookie() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let mut page = Watched::new();
    let (login, qr) = page.start(&service).await;
    ming.scan(&qr).await.unwrap();
    page.call(&service, Method::GET, &login, None).await;

    let ended = page.call(&service, Method::DELETE, "/v1/sessions", None).await;
    assert_eq!(ended.status, 204, "{}", ended.text);
    assert_eq!(page.cookie("saoma_session"), None);
    assert_eq!(device.session(&service, &token).await.status, 401);
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let mut page = Watched::new();
    let (one, _) = page.start(&service).await;
    let (other, qr) = page.start(&service).await;
    ming.scan(&qr).await.unwrap();
    assert_eq!(page.call(&service, Method::GET, &one, None).await.says(), "loop");
    assert_eq!(page.call(&service, Method::GET, &other, None).await.says(), "registered");
}
