//! The account page.

use saoma_browser::{Browser, Look, Stage, eventually};

use crate::{
    scenes::{Scene, in_every_look},
    steps::{HONG, MING, ask_for_sms, decide, log_in_with, no_complaint, open_login, scan},
};

/// Logs a newcomer in and opens their account page.
async fn open_account(scene: &Scene<'_>) {
    let person = scene.scan_as_newcomer().await;
    let code = ask_for_sms(scene.browser, &person).await;
    log_in_with(scene.browser, &code).await;
    scene.browser.see(".out").await;
    scene.browser.open(&scene.stage.page("/account")).await;
    scene.browser.see(".erase").await;
}

/// Logs Ming in, who has an account, and opens their account page.
async fn at_the_account() -> (Stage, Browser) {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    let person = stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    scan(&stage, &person).await;
    browser.read("You are logged in").await;
    browser.open(&stage.page("/account")).await;
    browser.see(".erase").await;
    (stage, browser)
}

/// Lets calls that change the account believe that the login is too old, until another login was made.
const TOO_OLD: &str = "{ const { fetch } = window;
    let renewed = false;
    window.fetch = async (url, init = {}) => {
        const path = new URL(url, location).pathname;
        if (init.method === 'POST' && path === '/v1/logins') renewed = true;
        if (init.method !== 'POST' || path !== '/v1/session/identities' || renewed) return fetch(url, init);
        return new Response(JSON.stringify({ code: 'login_too_old' }), { status: 401 });
    } }";

#[tokio::test]
async fn an_account_is_seen_at_a_glance() {
    in_every_look("account", &[], "", async |scene| open_account(scene).await).await;
}

#[tokio::test]
async fn erasing_asks_first() {
    in_every_look("erase", &[], "", async |scene| {
        open_account(scene).await;
        scene.browser.click(".erase").await;
        scene.browser.see("input[type=checkbox]").await;
    })
    .await;
}

#[tokio::test]
async fn another_way_in_is_added_and_removed() {
    let (_stage, browser) = at_the_account().await;
    browser.click(".add").await;
    decide(&browser, "#allow").await;
    browser.see(".small[aria-label^=Remove]").await;
    assert!(!browser.sees(".add").await, "there is no other one");
    browser.check_accessibility().await;
    browser.click(".small[aria-label^=Remove]").await;
    browser.read("Remove this WeChat?").await;
    browser.click(".danger").await;
    browser.read("Saved").await;
    assert!(!browser.sees(".small[aria-label^=Remove]").await, "the last way in stays");
    no_complaint(&browser).await;
}

#[tokio::test]
async fn the_number_is_changed() {
    let (stage, browser) = at_the_account().await;
    browser.click(".small").await;
    let person = stage.person("hong", HONG);
    let code = ask_for_sms(&browser, &person).await;
    log_in_with(&browser, &code).await;
    browser.read("138****8002").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn other_devices_are_logged_out() {
    let (stage, browser) = at_the_account().await;
    // The device by which Ming made the account.
    browser.click(".part .end:not(.small)").await;
    browser.read("Logged out").await;
    assert!(!browser.sees(".part .end:not(.small)").await);
    browser.click(".out").await;
    eventually("the login page", async || browser.url().await.contains("/login?return_to=").then_some(()))
        .await;
    drop(stage);
}

#[tokio::test]
async fn who_logged_in_long_ago_scans_once_more_and_goes_on() {
    let (stage, browser) = at_the_account().await;
    browser.before_pages(TOO_OLD).await;
    browser.reload().await;
    browser.click(".add").await;
    browser.read("Please confirm that it is you").await;
    browser.see(".code").await;
    browser.check_accessibility().await;
    scan(&stage, &stage.person("ming", MING)).await;
    decide(&browser, "#allow").await;
    browser.see(".small[aria-label^=Remove]").await;
}

#[tokio::test]
async fn an_erased_account_is_gone() {
    let (stage, browser) = at_the_account().await;
    browser.click(".erase").await;
    browser.click("input[type=checkbox]").await;
    browser.click(".danger").await;
    browser.read("Your account is deleted").await;
    browser.open(&stage.page("/login")).await;
    browser.see(".code").await;
    no_complaint(&browser).await;
}
