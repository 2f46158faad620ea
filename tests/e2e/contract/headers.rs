//! The headers of a careful service, on every answer.

use reqwest::Method;
use serde_json::json;

use super::{
    requests::{request, send, start_login},
    wechat::Sender,
};
use crate::harness::{Answer, Service, Setup};

/// One answer of every kind.
async fn answers(service: &Service) -> Vec<(&'static str, Answer)> {
    let mut answers = vec![("a new login", start_login(service, json!({})).await)];
    for path in [
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/docs",
        "/docs/",
        "/login",
        "/assets/login.js",
        "/assets/login.css",
        "/v1/session",
        "/v1/page",
        "/v1/logins/x",
        "/v1/logins/x/events",
        "/wechat/main/callback",
        "/nowhere",
    ] {
        answers.push((path, send(request(service, Method::GET, path)).await));
    }
    let tag = answers.iter().find(|(path, _)| *path == "/login").unwrap().1.headers["etag"].clone();
    let known = send(request(service, Method::GET, "/login").header("If-None-Match", tag)).await;
    assert_eq!(known.status, 304);
    answers.push(("a page that is known", known));
    answers.push(("a method", send(request(service, Method::PUT, "/login")).await));
    answers.push(("a log-out", send(request(service, Method::DELETE, "/v1/session")).await));
    let echo = request(service, Method::GET, "/wechat/main/callback").query(&Sender::demo().check(0, "1"));
    answers.push(("an echo", send(echo).await));
    for path in ["/metrics", "/healthz", "/nowhere"] {
        answers
            .push((path, send(request(service, Method::GET, &format!("{}{path}", service.admin_url))).await));
    }
    answers
}

#[tokio::test]
async fn no_answer_can_be_framed_sniffed_or_leak_where_it_was() {
    let service = Setup::default().start().await;
    for (what, answer) in answers(&service).await {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(
                answer.headers.get(name).unwrap_or_else(|| panic!("{what} has no {name}")),
                value,
                "{what}"
            );
        }
        let policies: Vec<_> = answer.headers.get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 1, "{what}");
        let policy = policies[0].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
        assert!(!policy.contains("unsafe-eval") && !policy.contains("http"), "{what}: {policy}");
        let scripts = policy.split(';').find(|part| part.trim_start().starts_with("script-src"));
        assert!(!scripts.is_some_and(|scripts| scripts.contains("unsafe")), "{what}: {policy}");
        assert!(answer.headers.contains_key("x-request-id"), "{what}");
        assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"));
        assert!(
            !answer.headers.contains_key("strict-transport-security"),
            "{what}: over http it means nothing"
        );
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{what}");
    }
}

#[tokio::test]
async fn an_https_site_stays_https() {
    let service = Setup::default().set("server.public_url", "https://login.example.test").start().await;
    for (what, answer) in answers(&service).await {
        let header = answer.headers.get("strict-transport-security").unwrap_or_else(|| panic!("{what}"));
        let age = header.to_str().unwrap().strip_prefix("max-age=").unwrap();
        assert!(age.parse::<u64>().unwrap() >= 31_536_000, "{what}");
    }
}

#[tokio::test]
async fn only_pages_of_allowed_origins_may_read_the_answers() {
    let service = Setup::default().set("server.allowed_origins", "https://shop.example.test").start().await;
    let asked = async |origin: &str| {
        send(request(&service, Method::GET, "/v1/session").header("Origin", origin)).await.headers
    };
    let allowed = asked("https://shop.example.test").await;
    assert_eq!(allowed["access-control-allow-origin"], "https://shop.example.test");
    assert_eq!(allowed["access-control-allow-credentials"], "true");
    let change = request(&service, Method::OPTIONS, "/v1/session/profile");
    let change = change.header("Origin", "https://shop.example.test");
    let change = send(change.header("Access-Control-Request-Method", "PATCH")).await;
    assert_eq!(change.headers["access-control-allow-origin"], "https://shop.example.test", "{}", change.text);
    for foreign in
        ["https://evil.test", "null", "http://shop.example.test", "https://shop.example.test.evil.test"]
    {
        assert!(!asked(foreign).await.contains_key("access-control-allow-origin"), "{foreign}");
        let preflight = request(&service, Method::OPTIONS, "/v1/session").header("Origin", foreign);
        let preflight = send(preflight.header("Access-Control-Request-Method", "DELETE")).await;
        assert!(!preflight.headers.contains_key("access-control-allow-origin"), "{foreign}");
        assert!(preflight.headers.contains_key("x-request-id"), "{foreign}");
        assert_eq!((preflight.status.as_u16(), preflight.problem()), (403, "origin_refused"), "{foreign}");
    }
}
