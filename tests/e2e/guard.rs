//! `saoma_api::guard`: the routes of an application that has the service in it (`examples/embed.rs`).

use std::sync::Arc;

use reqwest::Method;
use saoma_api::SystemClock;

use crate::harness::{
    Answer, Browser, PUBLIC_URL, Service, Setup, come_back, parameter, register, register_by_website,
};

/// Starts the application; calls go to it from now on.
async fn application() -> (Service, impl Drop) {
    let mut service = Setup::every_channel().start().await;
    let embedded = service.embed(Arc::new(SystemClock)).await;
    service.url.clone_from(&embedded.url);
    (service, embedded)
}

async fn ask(service: &Service, path: &str, headers: &[(&str, &str)]) -> Answer {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.get(format!("{}{path}", service.url));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_browser_goes_to_the_login_page_and_comes_back_to_where_it_was() {
    let (service, _application) = application().await;
    let ming = service.person("ming");
    register_by_website(&service, &ming).await;
    let mut browser = Browser::new();
    let sent = browser.visit(&service, "/orders?page=2&sort=a%26b").await;
    assert_eq!(parameter(sent.location(), "return_to").unwrap(), "/orders?page=2&sort=a%26b");
    assert!(sent.location().starts_with("/login?"), "{}", sent.location());
    assert_eq!(sent.headers["cache-control"], "no-store");
    assert_eq!(browser.visit(&service, sent.location()).await.status, 200, "the page is there");

    let (_, query) = sent.location().split_once('?').unwrap();
    let back = come_back(&service, &mut browser, &ming, &format!("channel=website&{query}")).await;
    assert_eq!(back.location(), "/orders?page=2&sort=a%26b");
    let page = browser.visit(&service, back.location()).await;
    let account = browser.session(&service).await.json["account"]["id"].as_str().unwrap().to_owned();
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&account), "{}", page.text);

    browser.call(&service, Method::DELETE, "/v1/session", None).await;
    assert_eq!(browser.visit(&service, "/orders").await.location(), "/login?return_to=%2Forders");
}

#[tokio::test]
async fn programs_and_scripts_are_told_401_in_the_contracts_shape() {
    let (service, _application) = application().await;
    for (path, headers) in [
        ("/api/orders", &[][..]),
        ("/api/orders", &[("Accept", "text/html"), ("Sec-Fetch-Mode", "navigate")]),
        ("/orders", &[]),
        ("/orders", &[("Accept", "application/json")]),
        ("/orders", &[("Accept", "text/html"), ("Sec-Fetch-Mode", "cors")]),
        ("/orders", &[("Accept", "text/html"), ("Authorization", "Bearer nonsense")]),
    ] {
        let answer = ask(&service, path, headers).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (401, "session_invalid"),
            "{path} {headers:?}"
        );
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let named = ask(&service, "/api/orders", &[("X-Request-Id", "mine-1")]).await;
    assert_eq!(named.json["request_id"], "mine-1");
    let old = ask(&service, "/orders", &[("Accept", "text/html,*/*;q=0.8")]).await;
    assert_eq!(old.location(), "/login?return_to=%2Forders", "a browser that says no more than this");
}

#[tokio::test]
async fn the_token_of_a_device_opens_the_same_routes() {
    let (mut service, _application) = application().await;
    let url = service.url.clone();
    service.sandbox.set_callback_url("main", &format!("{url}/wechat/main/callback")).unwrap();
    let (device, token) = register(&service, &service.person("ming")).await;
    for path in ["/orders", "/api/orders"] {
        let page = device.with_session(&service, Method::GET, path, &token).await;
        assert_eq!(page.status, 200, "{}", page.text);
    }
    device.log_out(&service, &token).await;
    let after = device.with_session(&service, Method::GET, "/api/orders", &token).await;
    assert_eq!(after.problem(), "session_invalid");
    service.url = url;
}

#[tokio::test]
async fn what_changes_something_has_to_come_from_a_page_of_the_site() {
    let (service, _application) = application().await;
    let mut browser = register_by_website(&service, &service.person("ming")).await;
    for (origin, status) in
        [(Some(PUBLIC_URL), 200), (Some("https://evil.test"), 403), (Some("null"), 403), (None, 403)]
    {
        browser.origin = origin.map(str::to_owned);
        let answer = browser.call(&service, Method::POST, "/api/orders", None).await;
        assert_eq!(answer.status, status, "{origin:?}: {}", answer.text);
        if status == 403 {
            assert_eq!(answer.problem(), "origin_refused");
        }
    }
}

#[tokio::test]
async fn no_address_leads_from_the_guard_to_another_site() {
    let (service, _application) = application().await;
    let mut browser = Browser::new();
    for path in ["/orders?next=//evil.test", "/orders?return_to=https://evil.test", "/orders?a=b%0d%0ac:d"] {
        let sent = browser.visit(&service, path).await;
        assert!(sent.location().starts_with("/login?return_to=%2Forders"), "{}", sent.location());
        assert_eq!(parameter(sent.location(), "return_to").unwrap(), path);
    }
}

#[tokio::test]
async fn an_address_that_is_too_long_to_be_kept_stands_in_nobodys_way() {
    let (service, _application) = application().await;
    let sent = Browser::new().visit(&service, &format!("/orders?q={}", "a".repeat(700))).await;
    assert_eq!(sent.location(), "/login");
}

#[tokio::test]
async fn the_applications_own_routes_and_the_services_live_side_by_side() {
    let (service, _application) = application().await;
    let welcome = ask(&service, "/welcome", &[]).await;
    assert_eq!((welcome.status.as_u16(), welcome.text.contains("Welcome")), (200, true));
    assert_eq!(ask(&service, "/healthz", &[]).await.text, "ok");
    assert_eq!(ask(&service, "/nowhere", &[]).await.problem(), "not_found");
}
