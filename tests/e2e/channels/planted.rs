//! Over https another site of the same domain can plant cookies that have a path. They count for nothing, so that a
//! visitor's phone number cannot be bound to the WeChat identity of an attacker.

use reqwest::Method;
use serde_json::json;
use url::{Position, Url};

use crate::harness::{Browser, Service, Setup, bind_in_browser, login_to_go_on_with};

const SITE: &str = "https://login.example.test";
const GUARDED: &str = "__Host-saoma_browser_";

async fn service() -> Service {
    Setup::every_channel().set("server.public_url", SITE).start().await
}

fn browser() -> Browser {
    let mut browser = Browser::new();
    browser.origin = Some(SITE.to_owned());
    browser
}

/// Returns the part of an address that the service is asked for, past whatever ends TLS in front of it.
fn path(address: &Url) -> &str {
    &address[Position::BeforePath..]
}

/// Takes a cookie along with all that belongs to it.
fn taken(browser: &Browser, prefix: &str) -> (String, String, String) {
    browser.cookies.iter().find(|(name, _, _)| name.starts_with(prefix)).unwrap().clone()
}

/// Returns browsers of visitors into which a cookie was planted, with what is special about each.
async fn victims(service: &Service, planted: &(String, String, String)) -> Vec<(&'static str, Browser)> {
    let (name, value, at) = planted.clone();
    let (unproved, _) = value.rsplit_once('.').unwrap();
    let mut known = browser();
    known.start(service).await;
    let own = taken(&known, GUARDED);
    let mut elsewhere = browser();
    elsewhere.start(service).await;
    let other = taken(&elsewhere, GUARDED);
    let named = |tag: &str, name: &str| (format!("{GUARDED}{tag}"), name.to_owned(), "/".to_owned());
    let misnamed = named("x", &own.1);
    let with = |value: &str, others: Vec<(String, String, String)>| {
        let mut victim = browser();
        victim.cookies = others;
        victim.cookies.push((name.clone(), value.to_owned(), at.clone()));
        victim
    };
    vec![
        ("one that was never here", with(&value, vec![])),
        ("one with a name of its own", with(&value, vec![own.clone()])),
        ("one with an empty name", with(&value, vec![named("", "")])),
        ("one with a malformed name", with(&value, vec![named("xxxxxxxx", "xxxxxxxx")])),
        ("one whose name stands under another", with(&value, vec![misnamed])),
        ("one with two names", with(&value, vec![own.clone(), other])),
        ("a value without proof", with(unproved, vec![own])),
    ]
}

#[tokio::test]
async fn the_poll_token_of_a_stranger_is_not_believed() {
    let service = service().await;
    let mut attacker = browser();
    let (id, _) = attacker.start(&service).await;
    let path = format!("/v1/logins/{id}");
    for (what, mut victim) in victims(&service, &taken(&attacker, "__Secure-saoma_login")).await {
        let number = json!({"phone": "13800138000"});
        for (method, path, body) in [
            (Method::GET, path.clone(), None),
            (Method::POST, format!("{path}/sms-codes"), Some(number)),
            (Method::DELETE, path.clone(), None),
        ] {
            let answer = victim.call(&service, method, &path, body).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (404, "login_unknown"), "{what}: {path}");
        }
    }
    assert_eq!(attacker.call(&service, Method::GET, &path, None).await.says(), "loop", "it is theirs");
}

#[tokio::test]
async fn the_return_of_a_stranger_is_not_believed() {
    let service = service().await;
    let hong = service.person("hong");
    let mut attacker = browser();
    let page = attacker.authorize(&service, "channel=website").await;
    let back = hong.allow(&page).unwrap();
    for (what, mut victim) in victims(&service, &taken(&attacker, "__Secure-saoma_oauth_")).await {
        let answer = victim.visit(&service, path(&back)).await;
        assert_eq!(answer.told_on_page(), "oauth_state_invalid", "{what}");
        assert!(!answer.headers.contains_key("set-cookie"), "{what}");
    }
    login_to_go_on_with(&attacker.visit(&service, path(&back)).await);
}

#[tokio::test]
async fn the_browser_that_set_out_itself_gets_through() {
    let service = service().await;
    let (ming, mut own) = (service.person("ming"), browser());
    own.start(&service).await;
    let name = taken(&own, GUARDED);
    let page = own.authorize(&service, "channel=website&return_to=/a").await;
    assert_eq!(taken(&own, GUARDED), name, "it keeps its name");
    let back = ming.allow(&page).unwrap();
    let id = login_to_go_on_with(&own.visit(&service, path(&back)).await);
    bind_in_browser(&service, &mut own, &id, &ming).await;
    assert_eq!(own.session(&service).await.status, 200);
    assert_eq!(own.visit(&service, path(&back)).await.location(), "/a", "and loading it again is fine");
}

#[tokio::test]
async fn a_malformed_name_is_replaced() {
    let service = service().await;
    let mut own = browser();
    own.cookies.push((format!("{GUARDED}xxxxxxxx"), "xxxxxxxx".to_owned(), "/".to_owned()));
    let (id, _) = own.start(&service).await;
    let stands = own.call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
    assert_eq!(stands.says(), "loop");
}

#[tokio::test]
async fn two_tabs_that_begin_at_once_keep_a_name_each() {
    let service = service().await;
    let (mut one, mut other) = (browser(), browser());
    let (first, _) = one.start(&service).await;
    let (second, _) = other.start(&service).await;
    // Neither had a name when it asked, and the browser keeps what both were given.
    one.cookies.extend(other.cookies);
    let page = one.authorize(&service, "channel=website&return_to=/a").await;
    assert_eq!(one.cookies.iter().filter(|(name, ..)| name.starts_with(GUARDED)).count(), 2);
    for id in [first, second] {
        let stands = one.call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
        assert_eq!(stands.says(), "loop");
    }
    let back = service.person("ming").allow(&page).unwrap();
    login_to_go_on_with(&one.visit(&service, path(&back)).await);
}

#[tokio::test]
async fn over_http_no_browser_has_a_name() {
    let service = Setup::every_channel().start().await;
    let mut own = Browser::new();
    own.start(&service).await;
    own.authorize(&service, "channel=website").await;
    assert!(own.cookies.iter().all(|(name, ..)| name.starts_with("saoma_")), "{:?}", own.cookies);
}
