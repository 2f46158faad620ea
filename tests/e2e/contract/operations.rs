//! Section 6: health, readiness, metrics, and the description of the API.

use reqwest::Method;
use saoma_sandbox::{Api, Fault};
use serde_json::{Value, json};

use super::{
    program::saoma,
    requests::{get, request, send, start_login},
};
use crate::harness::{Answer, Browser, Service, Setup, come_back, eventually, register};

async fn on_the_admin_listener(service: &Service, path: &str) -> Answer {
    get(service, &format!("{}{path}", service.admin_url)).await
}

#[tokio::test]
async fn both_listeners_tell_health_and_only_the_operators_tells_metrics() {
    let service = Setup::default().start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(&service, path).await.status, 200, "{path}");
        assert_eq!(on_the_admin_listener(&service, path).await.status, 200, "{path}");
    }
    start_login(&service, serde_json::json!({})).await;
    let metrics = on_the_admin_listener(&service, "/metrics").await;
    assert_eq!(metrics.status, 200);
    let started = "saoma_login_steps_total{step=\"started\",channel=\"official_account\",app=\"main\",purpose=\"web\"} 1";
    assert!(metrics.text.contains(started), "{}", metrics.text);
    assert!(metrics.text.contains("route=\"/v1/logins\",status=\"201\""), "{}", metrics.text);
    for path in ["/metrics", "/metrics/", "//metrics", "/docs/../metrics", "/%6detrics"] {
        assert_eq!(get(&service, path).await.status, 404, "{path}");
    }
    for path in ["/v1/session", "/wechat/main/callback", "/login"] {
        assert_eq!(on_the_admin_listener(&service, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_node_that_is_ready_says_on_wish_how_wechat_sms_and_its_clock_are() {
    let service = Setup::default().start().await;
    let answer = get(&service, "/readyz?verbose").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!((&answer.json["ready"], &answer.json["apps"][0]["name"]), (&json!(true), &json!("main")));
    assert_eq!(answer.json["apps"][0]["last_callback"], Value::Null);
    assert_eq!(answer.json["sms"][0]["last_outcome"], Value::Null, "{}", answer.text);
    register(&service, &service.person("anna")).await;
    let after = eventually("what is told is a second old at the most", async || {
        let answer = get(&service, "/readyz?verbose=1").await;
        (answer.json["sms"][0]["last_outcome"] == "sent").then_some(answer.json)
    })
    .await;
    assert_eq!(after["apps"][0]["last_callback"]["outcome"], "phone_needed", "{after}");
    assert!(after["clock"]["ahead_of_wechat_s"].as_i64().is_some_and(|skew| skew.abs() < 60), "{after}");
}

#[tokio::test]
async fn the_operators_listener_answers_only_to_its_own_names() {
    let service = Setup::default().set("server.admin_hosts", "metrics.example.test").start().await;
    let as_host = async |host: &str| {
        let url = format!("{}/metrics", service.admin_url);
        send(request(&service, Method::GET, &url).header("Host", host)).await
    };
    for own in
        ["127.0.0.1", "127.0.0.1:1", "localhost:9090", "metrics.example.test", "METRICS.example.test:80"]
    {
        assert_eq!(as_host(own).await.status, 200, "{own}");
    }
    for foreign in [
        "rebound.test",
        "rebound.test:9090",
        "10.0.0.1",
        "127.0.0.1.rebound.test",
        "x.metrics.example.test",
        "",
    ] {
        let answer = as_host(foreign).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "origin_refused"), "{foreign}");
    }
    let elsewhere = request(&service, Method::GET, "/healthz").header("Host", "rebound.test");
    assert_eq!(send(elsewhere).await.status, 200, "the public listener has the names that the site gives it");
}

#[tokio::test]
async fn returns_from_wechat_are_counted_by_what_came_of_them() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    come_back(&service, &mut browser, &ming, "channel=website").await;
    browser.visit(&service, "/v1/oauth/callback?code=x&state=x").await;
    service.sandbox.fail(Api::SnsAccessToken, &Fault::Close, 1);
    come_back(&service, &mut browser, &ming, "channel=website").await;
    let metrics = on_the_admin_listener(&service, "/metrics").await.text;
    for outcome in ["phone_needed", "state_invalid", "wechat_unavailable"] {
        let line = format!("saoma_oauth_returns_total{{outcome=\"{outcome}\"}} 1");
        assert!(metrics.contains(&line), "{outcome}: {metrics}");
    }
    assert!(metrics.contains("route=\"/v1/oauth/callback\",status=\"302\""), "{metrics}");
}

#[tokio::test]
async fn the_description_lists_every_endpoint() {
    let service = Setup::default().start().await;
    let served = get(&service, "/openapi.json").await;
    assert_eq!(served.headers["content-type"], "application/json");
    let printed: Value = serde_json::from_str(&saoma(&["openapi"], &[]).await.succeeds().stdout).unwrap();
    assert_eq!(served.json, printed, "the command prints the same");
    assert!(served.json["openapi"].as_str().unwrap().starts_with("3."));
    let endpoints = [
        ("/v1/logins", "post"),
        ("/v1/logins/{id}", "get delete"),
        ("/v1/logins/{id}/events", "get"),
        ("/v1/logins/{id}/sms-codes", "post"),
        ("/v1/logins/{id}/phone", "post"),
        ("/v1/logins/{id}/wechat-phone", "post"),
        ("/v1/oauth/authorize", "get"),
        ("/v1/oauth/callback", "get"),
        ("/v1/session", "get delete"),
        ("/v1/session/identities", "post"),
        ("/v1/session/merge", "post"),
        ("/v1/session/merges/{id}/undo", "post"),
        ("/v1/logins/{id}/merge", "post"),
        ("/v1/session/identities/{id}", "delete"),
        ("/v1/session/sms-codes", "post"),
        ("/v1/session/phone", "put"),
        ("/v1/session/profile", "patch"),
        ("/v1/account", "delete"),
        ("/v1/account/export", "get"),
        ("/v1/forward-auth", "get"),
        ("/v1/page", "get"),
        ("/v1/check", "get"),
        ("/v1/sessions", "get delete"),
        ("/v1/sessions/{id}", "delete"),
        ("/wechat/{app}/callback", "get post"),
        ("/v1/logins/{id}/mini-program", "post"),
        ("/v1/forward-auth/{path}", "get"),
        ("/c/{link}", "get post"),
        ("/n/{link}", "get post"),
        ("/v1/oauth/relay/callback", "get"),
        ("/v1/session/token", "post"),
        ("/v1/oauth/relay", "get"),
        ("/oauth2/jwks", "get"),
        ("/.well-known/openid-configuration", "get"),
        ("/oauth2/authorize", "get"),
        ("/oauth2/consent", "post"),
        ("/oauth2/token", "post"),
        ("/oauth2/userinfo", "get"),
        ("/oauth2/revoke", "post"),
        ("/oauth2/introspect", "post"),
        ("/oauth2/logout", "get"),
    ];
    for (path, methods) in endpoints {
        for method in methods.split(' ') {
            let operation = &served.json["paths"][path][method];
            assert!(operation["summary"].is_string(), "{method} {path} is not described");
            assert!(operation["responses"]["default"].is_object(), "{method} {path} tells no errors");
        }
    }
    assert_eq!(served.json["paths"].as_object().unwrap().len(), endpoints.len());
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let service = Setup::default().start().await;
    let description = get(&service, "/openapi.json").await.json;
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns what a page loads by itself.
fn files(html: &str) -> Vec<&str> {
    let attributes = ["src=\"", "href=\""].into_iter().flat_map(|name| html.split(name).skip(1));
    attributes.map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn the_pages_load_with_files_of_this_host_only() {
    let service = Setup::default().start().await;
    for page in ["/docs", "/docs/", "/login"] {
        let answer = get(&service, page).await;
        assert_eq!(answer.status, 200);
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        let base = url::Url::parse(&format!("{}{page}", service.url)).unwrap();
        let files = files(&answer.text);
        assert!(files.len() >= 2, "{files:?}");
        for file in files.into_iter().filter(|file| !file.starts_with('#')) {
            let url = base.join(file).unwrap();
            assert_eq!(url.origin(), base.origin(), "{file} is elsewhere");
            assert_eq!(get(&service, url.as_str()).await.status, 200, "{file}");
        }
    }
    assert_eq!(get(&service, "/").await.headers["location"], "/login");
    let policy = |answer: &Answer| answer.headers["content-security-policy"].clone();
    let [docs, login] = [get(&service, "/docs").await, get(&service, "/login").await];
    assert_eq!(policy(&docs), policy(&login), "the documentation may do no more than the login page");
    assert_eq!(get(&service, "/docs/nothing.js").await.problem(), "not_found");
}
