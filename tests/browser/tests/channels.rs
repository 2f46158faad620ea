//! The channels that lead through a page of WeChat: on a website, and inside WeChat.

use saoma_browser::{Browser, Look, Stage};

use crate::steps::{MING, ask_for_sms, click_door, decide, log_in_with, no_complaint, open_login};

#[tokio::test]
async fn who_allows_it_on_wechats_page_comes_back_logged_in() {
    let stage = Stage::start(&[]).await;
    let browser = Browser::start(Look::default()).await;
    let person = stage.person("ming", MING);
    open_login(&stage, &browser).await;
    click_door(&browser).await;
    browser.read("Log in to site with WeChat").await;
    decide(&browser, "#allow").await;
    // Nobody knows them yet.
    browser.read("Your phone number").await;
    assert!(browser.url().await.contains("login="), "{}", browser.url().await);
    let code = ask_for_sms(&browser, &person).await;
    log_in_with(&browser, &code).await;
    browser.read("You are logged in").await;
    assert!(!browser.url().await.contains("login="), "the address has forgotten it");
    assert!(!browser.sees("a.main").await, "there is nowhere else to go");

    browser.click(".out").await;
    click_door(&browser).await;
    decide(&browser, "#allow").await;
    browser.read("You are logged in").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn who_refuses_can_try_again() {
    let stage = Stage::start(&[]).await;
    let browser = Browser::start(Look::default()).await;
    stage.person("ming", MING);
    open_login(&stage, &browser).await;
    click_door(&browser).await;
    decide(&browser, "#refuse").await;
    browser.read("You refused the login").await;
    browser.click(".main").await;
    browser.see(".door").await;
    browser.click(".tab.scan").await;
    browser.see(".code").await;
}

#[tokio::test]
async fn who_refuses_on_the_way_of_a_link_of_somebody_elses_is_told_so() {
    let stage = Stage::start(&[]).await;
    let browser = Browser::start(Look::default()).await;
    stage.person("ming", MING);
    browser.open(&stage.page("/v1/oauth/authorize?channel=website")).await;
    decide(&browser, "#refuse").await;
    browser.read("You refused the login").await;
    assert_eq!(browser.url().await, stage.page("/login"), "and the address forgets it");
    no_complaint(&browser).await;
}

#[tokio::test]
async fn inside_wechat_the_page_leads_on_by_itself_once() {
    let stage = Stage::start(&[("wechat.apps.0.oauth_scope", "snsapi_userinfo")]).await;
    let browser = Browser::start(Look::inside_wechat()).await;
    stage.known_person("ming", MING).await;
    browser.open(&stage.page("/login")).await;
    browser.read("main asks who you are").await;
    decide(&browser, "#allow").await;
    browser.read("You are logged in").await;

    // Not at once back in, or nobody could ever leave.
    browser.click(".out").await;
    browser.read("Log in with WeChat").await;
    browser.click("a.main").await;
    decide(&browser, "#refuse").await;
    browser.read("You refused the login").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn where_to_go_after_the_login_is_kept_on_the_way() {
    let stage = Stage::start(&[]).await;
    let browser = Browser::start(Look::default()).await;
    stage.known_person("ming", MING).await;
    browser.open(&stage.page("/login?return_to=/healthz")).await;
    click_door(&browser).await;
    decide(&browser, "#allow").await;
    browser.read("ok").await;
    assert_eq!(browser.url().await, stage.page("/healthz"));
}

#[tokio::test]
async fn a_link_cannot_lead_the_person_away_from_the_site() {
    let stage = Stage::start(&[("login.return_to_allowed", "https://fine.example/after")]).await;
    let browser = Browser::start(Look::default()).await;
    let returns = async |to: &str| {
        let to = to.replace('\\', "%5C").replace('\t', "%09");
        browser.open(&stage.page(&format!("/login?return_to={to}"))).await;
        browser.eval("return document.querySelector('saoma-login').getAttribute('return-to')").await
    };
    for away in [
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "https://fine.example/afterwards",
        "https://me@fine.example/after",
        "/login",
    ] {
        assert_eq!(returns(away).await, serde_json::Value::Null, "{away}");
    }
    assert_eq!(returns("/inside").await, stage.page("/inside"));
    assert_eq!(returns("https://fine.example/after/all").await, "https://fine.example/after/all");
}
