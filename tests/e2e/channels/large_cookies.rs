//! What a browser takes along to WeChat stays small: a proxy that takes 8 KB of cookies lets it through.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Browser, Setup, login_to_go_on_with, parameter};

#[tokio::test]
async fn a_browser_that_sets_out_often_keeps_4_kilobytes_at_the_most() {
    let service = Setup::every_channel().set("limits.logins_per_ip_burst", 0).start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let long = format!("/{}", "a".repeat(639));
    let mut page = String::new();
    for time in 0..20 {
        page = browser.authorize(&service, &format!("channel=website&return_to={long}")).await;
        let sent = browser.cookies_at("/v1/oauth/callback");
        let (bytes, sent) = (sent.iter().map(String::len).sum::<usize>(), sent.len());
        assert!(bytes <= 4096 && sent == 4.min(time + 1), "{sent} cookies with {bytes} bytes");
    }
    let back = ming.allow(&page).unwrap();
    let sent = browser.visit(&service, back.as_str()).await;
    assert_eq!(parameter(sent.location(), "return_to").unwrap(), long);
    login_to_go_on_with(&sent);
}

#[tokio::test]
async fn what_a_page_has_piled_up_is_cleared_at_the_next_return() {
    let service = Setup::every_channel().set("limits.logins_per_ip_burst", 0).start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let body = json!({"channel": "website", "return_to": format!("/{}", "a".repeat(639))});
    let mut page = String::new();
    for _ in 0..6 {
        let started = browser.call(&service, Method::POST, "/v1/logins", Some(body.clone())).await;
        page = started.json["authorize_url"].as_str().unwrap().to_owned();
    }
    let back = ming.allow(&page).unwrap();
    login_to_go_on_with(&browser.visit(&service, back.as_str()).await);
    let kept: Vec<&str> = browser.cookies.iter().map(|(name, ..)| name.as_str()).collect();
    let kept = kept.into_iter().filter(|name| name.starts_with("saoma_oauth_")).collect::<Vec<_>>();
    assert_eq!(kept.len(), 4, "{kept:?}");
    assert!(kept.contains(&format!("saoma_oauth_{}", parameter(&page, "state").unwrap()).as_str()));
}

#[tokio::test]
async fn a_return_that_makes_a_large_cookie_is_refused() {
    let service = Setup::every_channel().start().await;
    let mut browser = Browser::new();
    for (long, encoded) in [("a".repeat(640), "a".repeat(640)), ("\"".repeat(320), "%22".repeat(320))] {
        let (long, encoded) = (format!("/{long}"), format!("/{encoded}"));
        for channel in ["website", "in_wechat"] {
            let path = format!("/v1/oauth/authorize?channel={channel}&return_to={encoded}");
            let body = json!({"channel": channel, "return_to": long});
            assert_eq!(browser.visit(&service, &path).await.told_on_page(), "return_to_refused", "{long}");
            let answer = browser.call(&service, Method::POST, "/v1/logins", Some(body)).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (422, "return_to_refused"), "{long}");
        }
        assert!(browser.cookies.is_empty());
        let body = json!({"channel": "official_account", "return_to": long});
        let answer = Browser::new().call(&service, Method::POST, "/v1/logins", Some(body)).await;
        assert_eq!(answer.status, 201, "without WeChat's page there is no cookie for it");
    }
}
