//! A return from WeChat that belongs to no login of this browser: the page says so, and WeChat is not asked.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use saoma_sandbox::{Api, OnRefuse, Person, WebsiteApp};
use serde_json::{Value, json};
use url::Url;

use crate::harness::{
    Answer, Browser, Device, Service, Setup, come_back, eventually, login_to_go_on_with, parameter,
};

/// Checks that a return was refused: no session is issued, and the answer says no more than that.
fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.told_on_page(), "oauth_state_invalid", "{what}");
    assert!(!answer.headers.contains_key("set-cookie"), "{what}");
}

async fn setup() -> (Service, Person) {
    let site = WebsiteApp { on_refuse: OnRefuse::Redirect, ..WebsiteApp::demo() };
    let service = Setup::default().website(site).start().await;
    let ming = service.person("ming");
    (service, ming)
}

/// Returns how often WeChat was asked for a person.
fn exchanges(service: &Service) -> u64 {
    service.sandbox.calls(Api::SnsAccessToken) + service.sandbox.calls(Api::SnsUserinfo)
}

#[tokio::test]
async fn a_missing_or_malformed_state_is_refused() {
    let (service, ming) = setup().await;
    let mut browser = Browser::new();
    let page = browser.authorize(&service, "channel=website").await;
    let code = parameter(ming.allow(&page).unwrap().as_str(), "code").unwrap();
    let id = parameter(&page, "state").unwrap();
    for query in [
        format!("code={code}"),
        format!("code={code}&state="),
        format!("code={code}&state={}", &id[1..]),
        format!("code={code}&state={id}A"),
        format!("code={code}&state={id}%00"),
        format!("code={code}&state={id};"),
        format!("code={code}&state=../{id}"),
        format!("code={code}&state={id}&state={id}"),
        format!("code={code}&State={id}"),
        format!("code={code}&state=%FF"),
        format!("code={code}&state={}", "A".repeat(32)),
        String::new(),
    ] {
        let answer = browser.visit(&service, &format!("/v1/oauth/callback?{query}")).await;
        is_refused(&answer, &query);
    }
    assert_eq!(exchanges(&service), 0);
    let right = browser.visit(&service, &format!("/v1/oauth/callback?code={code}&state={id}")).await;
    assert_eq!(login_to_go_on_with(&right), id, "none of it has used anything up");
}

#[tokio::test]
async fn the_state_of_another_browser_is_refused() {
    let (service, ming) = setup().await;
    let (mut mine, mut other) = (Browser::new(), Browser::new());
    let page = mine.authorize(&service, "channel=website").await;
    let back = ming.allow(&page).unwrap();
    is_refused(&other.visit(&service, back.as_str()).await, "without any cookie");
    other.authorize(&service, "channel=website").await;
    is_refused(&other.visit(&service, back.as_str()).await, "with the cookie of another login");

    // The value of its own cookie under the name of the other's.
    let id = parameter(&page, "state").unwrap();
    let (name, value, path) = other.cookies[0].clone();
    other.cookies.push((format!("saoma_oauth_{id}"), value, path));
    is_refused(&other.visit(&service, back.as_str()).await, "with a poll token of another login");
    assert!(name.starts_with("saoma_oauth_"));
    assert_eq!(exchanges(&service), 0);
    login_to_go_on_with(&mine.visit(&service, back.as_str()).await);
}

#[tokio::test]
async fn a_login_of_another_service_is_refused() {
    let (service, ming) = setup().await;
    let foreign = Setup::every_channel().set("server.key", "a5".repeat(32)).start().await;
    let mut browser = Browser::new();
    let page = browser.authorize(&foreign, "channel=website").await;
    let id = parameter(&page, "state").unwrap();
    let own = browser.clone().authorize(&service, "channel=website").await;
    let code = parameter(ming.allow(&own).unwrap().as_str(), "code").unwrap();
    let answer = browser.visit(&service, &format!("/v1/oauth/callback?code={code}&state={id}")).await;
    is_refused(&answer, "its own cookie, which the other service has set");
    assert_eq!(exchanges(&service), 0);
}

#[tokio::test]
async fn any_other_code_to_a_state_that_was_used_leads_where_the_first_did_and_is_not_used() {
    let (service, ming) = setup().await;
    let mut browser = Browser::new();
    let page = browser.authorize(&service, "channel=website").await;
    let (first, second) = (ming.allow(&page).unwrap(), ming.allow(&page).unwrap());
    let hongs = service.person("hong").allow(&page).unwrap();
    let went_on = browser.visit(&service, first.as_str()).await;
    let calls = exchanges(&service);
    for again in [&second, &hongs] {
        assert_eq!(browser.visit(&service, again.as_str()).await.location(), went_on.location());
    }
    let refused = ming.refuse(&page).unwrap().unwrap();
    let after = browser.visit(&service, refused.as_str()).await;
    is_refused(&after, "a refusal after the code");
    assert_eq!(exchanges(&service), calls);
    assert_eq!(browser.visit(&service, first.as_str()).await.location(), went_on.location());
}

#[tokio::test]
async fn a_code_after_a_refusal_is_refused() {
    let (service, ming) = setup().await;
    let mut browser = Browser::new();
    let page = browser.authorize(&service, "channel=website").await;
    let refused = ming.refuse(&page).unwrap().unwrap();
    assert_eq!(browser.visit(&service, refused.as_str()).await.location(), "/login?error=denied");
    is_refused(&browser.visit(&service, ming.allow(&page).unwrap().as_str()).await, "a code after it");
    assert_eq!(exchanges(&service), 0);
}

#[tokio::test]
async fn a_login_that_was_cancelled_is_refused() {
    let (service, ming) = setup().await;
    let mut browser = Browser::new();
    let body = json!({"channel": "website"});
    let started = browser.call(&service, Method::POST, "/v1/logins", Some(body)).await.json;
    let back = ming.allow(started["authorize_url"].as_str().unwrap()).unwrap();
    let path = format!("/v1/logins/{}", started["id"].as_str().unwrap());
    assert_eq!(browser.call(&service, Method::DELETE, &path, None).await.status, 204);
    is_refused(&browser.visit(&service, back.as_str()).await, "cancelled");
    assert_eq!(exchanges(&service), 0);
}

#[tokio::test]
async fn a_state_whose_time_is_over_is_refused() {
    let service = Setup::every_channel().set("login.oauth_ttl_s", 1).start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let answer = Device::ask(&service, json!({"channel": "website"})).await;
    browser.keep(&answer.headers);
    let device = Device::started(&answer);
    let back = ming.allow(device.started["authorize_url"].as_str().unwrap()).unwrap();
    eventually("the login expires", async || {
        (device.look(&service).await.json["reason"] == "timeout").then_some(())
    })
    .await;
    is_refused(&browser.visit(&service, back.as_str()).await, "too late");
    let without_code = back.as_str().replace("code=", "x=");
    is_refused(&browser.visit(&service, &without_code).await, "too late to refuse as well");
    assert_eq!(exchanges(&service), 0);
}

/// Returns a browser whose cookie of the return was changed, with WeChat's way back.
async fn tampered(service: &Service, person: &Person, change: impl Fn(&str, &mut Value) -> String) -> Answer {
    let mut browser = Browser::new();
    let page = browser.authorize(service, "channel=website&return_to=/a").await;
    let (_, value, _) = &mut browser.cookies[0];
    let (token, luggage) = value.split_once('.').unwrap();
    let mut luggage = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(luggage).unwrap()).unwrap();
    *value = change(token, &mut luggage);
    browser.visit(service, person.allow(&page).unwrap().as_str()).await
}

fn pack(token: &str, luggage: &Value) -> String {
    format!("{token}.{}", URL_SAFE_NO_PAD.encode(luggage.to_string()))
}

#[tokio::test]
async fn a_cookie_that_was_changed_is_refused() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    for (field, value) in [
        ("app", json!("nobody")),
        ("app", json!("main")),
        ("app", json!(7)),
        ("channel", json!("mini_program")),
        ("channel", json!("official_account")),
        ("channel", json!("in_wechat")),
        ("openid", json!(ming.openid("site").unwrap())),
    ] {
        let answer = tampered(&service, &ming, |token, luggage| {
            luggage[field] = value.clone();
            pack(token, luggage)
        })
        .await;
        is_refused(&answer, &format!("{field}: {value}"));
    }
    for change in [
        |_: &str, luggage: &mut Value| pack(&"A".repeat(43), luggage),
        |token: &str, _: &mut Value| token.to_owned(),
        |token: &str, _: &mut Value| format!("{token}."),
        |token: &str, _: &mut Value| format!("{token}.bm8ganNvbg"),
        |_: &str, luggage: &mut Value| pack("", luggage),
    ] {
        is_refused(&tampered(&service, &ming, change).await, "no cookie of ours");
    }
    assert_eq!(exchanges(&service), 0);
}

#[tokio::test]
async fn an_address_smuggled_into_the_cookie_is_not_gone_to() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let answer = tampered(&service, &ming, |token, luggage| {
        luggage["return_to"] = "https://evil.test/".into();
        pack(token, luggage)
    })
    .await;
    assert_eq!(parameter(answer.location(), "return_to"), None, "{}", answer.location());
    login_to_go_on_with(&answer);
}

#[tokio::test]
async fn over_https_the_cookie_is_secure_and_its_name_is_guarded() {
    let service = Setup::every_channel().set("server.public_url", "https://login.example.test").start().await;
    let mut browser = Browser::new();
    let answer = browser.visit(&service, "/v1/oauth/authorize?channel=website").await;
    let id = parameter(answer.location(), "state").unwrap();
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with(&format!("__Secure-saoma_oauth_{id}=")), "{cookie}");
    for attribute in ["Path=/v1/oauth", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{attribute}: {cookie}");
    }
    let redirect_uri = parameter(answer.location(), "redirect_uri").unwrap();
    assert_eq!(Url::parse(&redirect_uri).unwrap().scheme(), "https");
}

#[tokio::test]
async fn the_state_alone_opens_nothing() {
    let (service, ming) = setup().await;
    let mut browser = Browser::new();
    let back = come_back(&service, &mut browser, &ming, "channel=website").await;
    let id = login_to_go_on_with(&back);
    let stranger = Browser::new().call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
    assert_eq!(stranger.problem(), "login_unknown");
}
