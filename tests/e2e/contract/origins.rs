//! Which pages may change something by a cookie that a browser adds by itself.

use reqwest::Method;
use serde_json::{Value, json};

use super::requests::{request, send};
use crate::harness::{Browser, PUBLIC_URL, Service, Setup, register};

const ALLOWED: &str = "https://shop.example.test";

const FOREIGN: [Option<&str>; 12] = [
    None,
    Some(""),
    Some("null"),
    Some("http://evil.test"),
    Some("http://login.example.test.evil.test"),
    Some("http://sub.login.example.test"),
    Some("http://example.test"),
    Some("https://login.example.test"),
    Some("http://login.example.test:8080"),
    Some("http://login.example.test/"),
    Some("http://login.example.test http://evil.test"),
    Some("https://shop.example.test.evil.test"),
];

async fn service() -> Service {
    Setup::default().set("server.allowed_origins", ALLOWED).start().await
}

/// Every call about a login that changes something.
fn changes_of_a_login(id: &str) -> [(Method, String, Option<Value>); 3] {
    [
        (Method::POST, format!("/v1/logins/{id}/sms-codes"), Some(json!({"phone": "13800138000"}))),
        (Method::POST, format!("/v1/logins/{id}/phone"), Some(json!({"phone": "13800138000", "code": "1"}))),
        (Method::DELETE, format!("/v1/logins/{id}"), None),
    ]
}

#[tokio::test]
async fn a_login_is_changed_by_its_cookie_only_from_a_page_that_may() {
    let service = service().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let (id, qr) = browser.start(&service).await;
    ming.scan(&qr).await.unwrap();
    for origin in FOREIGN {
        browser.origin = origin.map(str::to_owned);
        for (method, path, body) in changes_of_a_login(&id) {
            let answer = browser.call(&service, method, &path, body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (403, "origin_refused"),
                "{origin:?} {path}"
            );
        }
    }
    assert!(ming.sms().is_empty(), "no SMS went out");
    let stands = browser.call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
    assert_eq!(stands.says(), "unregistered", "and nothing has changed");

    for origin in [ALLOWED, PUBLIC_URL] {
        browser.origin = Some(origin.to_owned());
        let [_, (method, path, body), _] = changes_of_a_login(&id);
        let tried = browser.call(&service, method, &path, body).await;
        assert_eq!(tried.problem(), "sms_code_expired", "{origin} passes the check");
    }
    let cancelled = browser.call(&service, Method::DELETE, &format!("/v1/logins/{id}"), None).await;
    assert_eq!(cancelled.status, 204);
}

#[tokio::test]
async fn a_session_is_ended_by_its_cookie_only_from_a_page_that_may() {
    let service = service().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    for (path, allowed) in
        [("/v1/session", ALLOWED), ("/v1/sessions", PUBLIC_URL), ("/v1/sessions/{id}", ALLOWED)]
    {
        let mut browser = Browser::new();
        let (id, qr) = browser.start(&service).await;
        ming.scan(&qr).await.unwrap();
        browser.call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
        let listed = browser.call(&service, Method::GET, "/v1/sessions", None).await.json;
        let own = listed["sessions"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap();
        let path = path.replace("{id}", own["id"].as_str().unwrap());
        for origin in FOREIGN {
            browser.origin = origin.map(str::to_owned);
            let answer = browser.call(&service, Method::DELETE, &path, None).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (403, "origin_refused"),
                "{origin:?} {path}"
            );
        }
        assert_eq!(browser.call(&service, Method::GET, "/v1/session", None).await.status, 200, "still there");
        browser.origin = Some(allowed.to_owned());
        assert_eq!(browser.call(&service, Method::DELETE, &path, None).await.status, 204);
        assert_eq!(browser.call(&service, Method::GET, "/v1/session", None).await.status, 401);
    }
}

#[tokio::test]
async fn a_token_that_only_its_client_can_show_needs_no_origin() {
    let service = service().await;
    let ming = service.person("ming");
    for origin in FOREIGN {
        let device = crate::harness::Device::start(&service).await;
        let call = |method, path: &str| {
            let request = request(&service, method, path).bearer_auth(&device.poll_token);
            origin.into_iter().fold(request, |request, origin| request.header("Origin", origin))
        };
        let cancelled = send(call(Method::DELETE, &format!("/v1/logins/{}", device.id))).await;
        assert_eq!(cancelled.status, 204, "{origin:?}");
    }
    let (device, token) = register(&service, &ming).await;
    assert_eq!(device.log_out(&service, &token).await.status, 204);
}

#[tokio::test]
async fn a_page_spends_no_logins_of_its_visitors_by_its_pictures() {
    let setup =
        Setup::every_channel().set("limits.logins_per_ip_burst", 1).set("limits.logins_per_ip_per_min", 1);
    let service = setup.start().await;
    let asked = async |dest: &str, site: &str| {
        let path = "/v1/oauth/authorize?channel=website";
        let request = request(&service, Method::GET, path).header("Sec-Fetch-Dest", dest);
        send(request.header("Sec-Fetch-Site", site)).await
    };
    for (dest, site) in [
        ("image", "cross-site"),
        ("image", "same-origin"),
        ("script", "same-site"),
        ("style", "cross-site"),
        ("object", "cross-site"),
        ("iframe", "cross-site"),
        ("empty", "cross-site"),
        ("", "cross-site"),
    ] {
        let answer = asked(dest, site).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "origin_refused"), "{dest} {site}");
        assert!(!answer.headers.contains_key("set-cookie"), "{dest} {site}");
    }
    let gone_to = asked("document", "cross-site").await;
    assert_eq!(gone_to.status, 302, "none of them has counted, and a link may lead here: {}", gone_to.text);
    for dest in ["iframe", "empty"] {
        assert_eq!(asked(dest, "same-origin").await.problem(), "rate_limited", "{dest} passes the check");
    }
}

#[tokio::test]
async fn a_foreign_page_plants_no_login_in_a_browser() {
    let service = service().await;
    for origin in FOREIGN.into_iter().flatten() {
        let mut browser = Browser::new();
        browser.origin = Some(origin.to_owned());
        let body = Some(json!({"channel": "official_account"}));
        let answer = browser.call(&service, Method::POST, "/v1/logins", body).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "origin_refused"), "{origin}");
        assert!(browser.cookies.is_empty());
    }
    assert!(service.sandbox.qr_codes().is_empty(), "WeChat was asked for nothing");
}
