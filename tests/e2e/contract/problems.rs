//! Section 1 and 8: errors in one shape, request ids, and what is not to be stored.

use reqwest::Method;
use saoma_sandbox::{Api, Fault};
use serde_json::json;

use super::requests::{fields, get, post, raw, request, send, start_login};
use crate::harness::{Device, Setup, scanned_by_new};

#[tokio::test]
async fn every_error_is_a_problem_with_a_stable_code() {
    let service = Setup::default().start().await;
    let device = Device::start(&service).await;
    let answers = [
        (post(&service, "/v1/logins", "{}").await, 422, "body_invalid"),
        (post(&service, "/v1/logins", &"x".repeat(65_537)).await, 413, "body_too_large"),
        (start_login(&service, json!({"app": "nobody"})).await, 422, "app_unknown"),
        (start_login(&service, json!({"return_to": "//x"})).await, 422, "return_to_refused"),
        (get(&service, "/nowhere").await, 404, "not_found"),
        (get(&service, "/v1/logins").await, 405, "method_not_allowed"),
        (get(&service, "/v1/logins/x").await, 404, "login_unknown"),
        (get(&service, "/v1/session").await, 401, "session_invalid"),
        (get(&service, "/v1/oauth/callback").await, 403, "oauth_state_invalid"),
        (get(&service, "/v1/oauth/authorize?channel=website").await, 422, "app_unknown"),
        (post(&service, "/v1/session/identities", "{\"channel\":\"website\"}").await, 401, "session_invalid"),
        (get(&service, "/wechat/main/callback").await, 403, "callback_refused"),
        (get(&service, "/wechat/nobody/callback").await, 404, "not_found"),
        (device.send_code(&service, "13800138000").await, 409, "login_state"),
    ];
    for (answer, status, code) in answers {
        assert_eq!((answer.status.as_u16(), answer.problem()), (status, code), "{}", answer.text);
        assert_eq!(fields(&answer.json), "code detail request_id status title type");
        let kind = answer.json["type"].as_str().unwrap();
        assert!(url::Url::parse(kind).is_ok(), "{kind} is no URI");
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_does_not_fill_the_log() {
    let service = Setup::default().start().await;
    for at in 0..30 {
        for bytes in [
            "GET / HTTP/1.1\r\n\r\n".to_owned(),
            "\u{16}\u{3}\u{1}\u{2}".repeat(20) + "\r\n\r\n",
            format!("GET /{at} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n".to_owned(),
            format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(200_000)),
        ] {
            let answer = raw(&service, bytes.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
    }
    service.line_with("a connection was closed").await;
    let log = service.log();
    let lines = |words: &str| log.lines().filter(|line| line.contains(words)).count();
    assert_eq!(lines("\"level\":\"ERROR\""), 0, "{log}");
    assert!((1..=20).contains(&lines("a connection was closed")), "{log}");
}

#[tokio::test]
async fn a_path_that_is_not_there_is_not_found_on_either_listener() {
    let service = Setup::default().start().await;
    for path in ["/v1", "/v1/", "/v1/login", "/v1/logins/", "/assets/", "/wechat", "/metrics", "/%00"] {
        assert_eq!(get(&service, path).await.problem(), "not_found", "{path}");
    }
    for path in ["/", "/v1/logins", "/login", "/docs/", "/openapi.json"] {
        let answer = get(&service, &format!("{}{path}", service.admin_url)).await;
        assert_eq!(answer.problem(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_there_is_told_those_that_are() {
    let service = Setup::default().start().await;
    let resources = [
        ("/v1/logins", "POST"),
        ("/v1/logins/x", "GET, HEAD, DELETE"),
        ("/v1/logins/x/events", "GET, HEAD"),
        ("/v1/logins/x/sms-codes", "POST"),
        ("/v1/logins/x/phone", "POST"),
        ("/v1/logins/x/wechat-phone", "POST"),
        ("/v1/oauth/authorize", "GET, HEAD"),
        ("/v1/oauth/callback", "GET, HEAD"),
        ("/v1/session", "GET, HEAD, DELETE"),
        ("/v1/session/identities", "POST"),
        ("/v1/session/identities/x", "DELETE"),
        ("/v1/session/sms-codes", "POST"),
        ("/v1/session/phone", "PUT"),
        ("/v1/sessions", "GET, HEAD, DELETE"),
        ("/v1/sessions/x", "DELETE"),
        ("/wechat/main/callback", "GET, HEAD, POST"),
        ("/healthz", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
        ("/login", "GET, HEAD"),
    ];
    for (path, allowed) in resources {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if allowed.split(", ").any(|name| name == method.as_str()) {
                continue;
            }
            let answer = send(request(&service, method.clone(), path)).await;
            assert_eq!(answer.problem(), "method_not_allowed", "{method} {path}");
            assert_eq!(answer.status, 405);
            assert_eq!(answer.headers["allow"], allowed, "{path}");
        }
    }
}

#[tokio::test]
async fn a_request_keeps_a_well_formed_id_and_loses_any_other() {
    let service = Setup::default().start().await;
    for path in ["/healthz", "/nowhere", "/v1/session", "/login"] {
        let with =
            async |id: &str| send(request(&service, Method::GET, path).header("X-Request-Id", id)).await;
        for kept in ["a", "Aa0_-", "x".repeat(64).as_str()] {
            assert_eq!(with(kept).await.headers["x-request-id"], kept, "{path}");
        }
        for lost in ["", " ", "a b", "a.b", "<script>", "a;b", "ü", "x".repeat(65).as_str()] {
            let drawn = with(lost).await.headers["x-request-id"].to_str().unwrap().to_owned();
            let well_formed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            assert!((1..=64).contains(&drawn.len()) && drawn.chars().all(well_formed), "{drawn}");
            assert_ne!(drawn, lost);
        }
    }
    let (one, other) = (get(&service, "/healthz").await, get(&service, "/healthz").await);
    assert_ne!(one.headers["x-request-id"], other.headers["x-request-id"]);
}

#[tokio::test]
async fn no_answer_of_the_api_is_to_be_stored() {
    let service = Setup::default().start().await;
    let device = Device::start(&service).await;
    let answers = [
        start_login(&service, json!({})).await,
        device.look(&service).await,
        get(&service, "/v1/session").await,
        get(&service, "/v1/nowhere").await,
        send(request(&service, Method::PUT, "/v1/logins")).await,
        device.cancel(&service).await,
    ];
    for answer in answers {
        assert_eq!(answer.headers["cache-control"], "no-store", "{}", answer.text);
    }
}

#[tokio::test]
async fn a_client_that_is_to_come_again_is_told_when() {
    let service = Setup::default().set("limits.logins_per_ip_burst", 1).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let limited = start_login(&service, json!({})).await;
    assert_eq!((limited.status.as_u16(), limited.problem()), (429, "rate_limited"));
    assert!((1..=3).contains(&limited.retry_after()), "20 a minute is one in 3 s");

    service.sandbox.fail(Api::SmsWebhook, &Fault::Status { status: 500 }, 1);
    let unsent = device.send_code(&service, ming.phone()).await;
    assert_eq!((unsent.status.as_u16(), unsent.problem()), (503, "sms_unavailable"));
    assert!(unsent.retry_after() >= 1);
    let too_soon = device.send_code(&service, ming.phone()).await;
    assert_eq!((too_soon.status.as_u16(), too_soon.problem()), (429, "rate_limited"));
    assert!((55..=60).contains(&too_soon.retry_after()), "one SMS a minute");
}

#[tokio::test]
async fn trouble_with_wechat_is_told_without_its_address() {
    let service = Setup::default().start().await;
    let told = |text: &str| {
        for secret in ["http:", "127.0.0.1", "access_token", "cgi-bin"] {
            assert!(!text.contains(secret), "{text}");
        }
    };
    for fault in [Fault::Html, Fault::TruncatedJson, Fault::Close, Fault::Errcode { errcode: -1 }] {
        service.sandbox.fail(Api::QrcodeCreate, &fault, 5);
        let away = start_login(&service, json!({})).await;
        assert_eq!((away.status.as_u16(), away.problem()), (503, "wechat_unavailable"), "{fault:?}");
        assert!(away.retry_after() >= 1);
        told(&away.text);
        service.sandbox.clear_faults();
    }
    service.sandbox.fail(Api::QrcodeCreate, &Fault::Errcode { errcode: 48001 }, 1);
    let refused = start_login(&service, json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (502, "wechat_refused"));
    assert!(refused.text.contains("48001") && !refused.text.contains("certified"), "{}", refused.text);
    told(&refused.text);
    assert_eq!(start_login(&service, json!({})).await.status, 201, "and then it goes on");
}
