//! Connections and servers that go away and come back.

use saoma_browser::{Browser, Look, Stage, eventually};
use saoma_sandbox::{Api, Fault};

use crate::steps::{MING, ask_for_sms, at_the_login_page, no_complaint, open_login, scan, value_of};

#[tokio::test]
async fn who_was_offline_goes_on_where_they_were() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    let person = stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    eventually("a stream", async || (browser.streams().await == 1).then_some(())).await;
    browser.set_offline(true).await;
    browser.read("No connection to the server").await;
    // On the phone it went well meanwhile.
    scan(&stage, &person).await;
    browser.set_offline(false).await;
    browser.read("You are logged in").await;
    assert!(!browser.sees(".notice").await);
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_server_that_is_restarted_loses_nobody() {
    let (mut stage, browser) = at_the_login_page(Look::default()).await;
    let code = stage.newest_code();
    stage.pause().await;
    browser.read("No connection to the server").await;
    browser.check_accessibility().await;
    stage.go_on().await;
    eventually("the notice goes", async || (!browser.sees(".notice").await).then_some(())).await;
    assert_eq!(stage.newest_code(), code);
    scan(&stage, &stage.person("ming", MING)).await;
    browser.read("Your phone number").await;
    no_complaint(&browser).await;
}

/// Fails unless the form is as it was left: a code was sent to Ming's number, and half of it is typed.
async fn form_is_half_filled(browser: &Browser) {
    eventually("the notice goes", async || (!browser.sees(".notice").await).then_some(())).await;
    assert_eq!(value_of(browser, "tel-national").await, "138 0013 8001");
    assert_eq!(value_of(browser, "one-time-code").await, "123");
    assert!(browser.text().await.contains("Code sent to +86 138 0013 8001"));
    assert!(browser.sees(".send[aria-disabled]").await);
}

#[tokio::test]
async fn a_form_outlives_a_restart_of_the_server() {
    let (mut stage, browser) = at_the_login_page(Look::default()).await;
    let person = stage.person("ming", MING);
    scan(&stage, &person).await;
    ask_for_sms(&browser, &person).await;
    browser.read("Code sent").await;
    browser.type_into("input[autocomplete=one-time-code]", "123").await;
    stage.pause().await;
    browser.read("No connection to the server").await;
    stage.go_on().await;
    form_is_half_filled(&browser).await;
}

#[tokio::test]
async fn a_form_behind_a_renewed_code_outlives_a_lost_connection() {
    let (stage, browser) =
        (Stage::start(&[("login.qr_ttl_s", "4")]).await, Browser::start(Look::default()).await);
    let person = stage.person("ming", MING);
    open_login(&stage, &browser).await;
    let first = stage.newest_code();
    let shown = async || browser.picture().await.qr_text().filter(|text| *text != first);
    let text = eventually("a new code is shown", shown).await;
    person.scan(&text).await.unwrap();
    ask_for_sms(&browser, &person).await;
    browser.read("Code sent").await;
    browser.type_into("input[autocomplete=one-time-code]", "123").await;
    eventually("a stream", async || (browser.streams().await == 1).then_some(())).await;
    browser.set_offline(true).await;
    browser.read("No connection to the server").await;
    browser.set_offline(false).await;
    form_is_half_filled(&browser).await;
}

#[tokio::test]
async fn a_code_that_failed_comes_by_itself_or_by_a_click() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    stage.sandbox.fail(Api::QrcodeCreate, &Fault::Status { status: 500 }, 500);
    browser.open(&stage.page("/login")).await;
    browser.read("WeChat is not responding").await;
    browser.read("Trying again in").await;
    stage.sandbox.clear_faults();
    browser.see(".code").await;

    stage.sandbox.fail(Api::QrcodeCreate, &Fault::Errcode { errcode: 48001 }, 500);
    browser.forget().await;
    browser.open(&stage.page("/login")).await;
    browser.read("WeChat login does not work right now").await;
    stage.sandbox.clear_faults();
    browser.click(".main").await;
    browser.see(".code").await;
}

#[tokio::test]
async fn a_code_that_is_over_is_renewed_and_the_new_one_works() {
    let (stage, browser) =
        (Stage::start(&[("login.qr_ttl_s", "3")]).await, Browser::start(Look::default()).await);
    open_login(&stage, &browser).await;
    let first = stage.newest_code();
    eventually("a new code", async || (stage.newest_code() != first).then_some(())).await;
    let shown = async || browser.picture().await.qr_text().filter(|text| *text != first);
    let text = eventually("the new code is shown", shown).await;
    stage.person("ming", MING).scan(&text).await.unwrap();
    browser.read("Your phone number").await;
}

#[tokio::test]
async fn without_streams_long_polls_are_used() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    let person = stage.known_person("ming", MING).await;
    browser
        .before_pages("window.EventSource = class { constructor() { setTimeout(() => this.onerror()) } addEventListener() {} close() {} }")
        .await;
    open_login(&stage, &browser).await;
    scan(&stage, &person).await;
    browser.read("You are logged in").await;
    let waited =
        "return performance.getEntriesByType('resource').some(({ name }) => /wait=25&since=1/.test(name))";
    assert_eq!(browser.eval(waited).await, true);
}
