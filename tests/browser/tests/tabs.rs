//! Tabs, reloads, the Back button, and pages that nobody looks at.

use saoma_browser::{Browser, Look, PATIENCE, Stage, eventually};

use crate::steps::{HONG, MING, at_the_login_page, calls, count_calls, no_complaint, open_login, scan};

/// Makes the five minutes of a hidden tab short.
const IMPATIENT: &str = "const later = window.setTimeout;
    window.setTimeout = (what, ms, ...more) => later(what, ms >= 300000 ? 50 : ms, ...more);";

/// Lets the test say with `pause()` when a tab has been hidden for five minutes.
const HELD: &str = "const later = window.setTimeout;
    window.setTimeout = (what, ms, ...more) => ms === 300000 ? (window.pause = what) && 0 : later(what, ms, ...more);";

async fn streams_become(browser: &Browser, number: u64) {
    eventually(&format!("{number} streams"), async || (browser.streams().await == number).then_some(()))
        .await;
}

/// Lets the page believe that its tab is hidden, or seen again.
async fn hide(browser: &Browser, hidden: bool) {
    let script = "Object.defineProperty(document, 'hidden', { value: HIDDEN, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))";
    browser.eval(&script.replace("HIDDEN", &hidden.to_string())).await;
}

async fn picture_in(browser: &Browser) -> String {
    browser.see(".code").await.attr("src").await.unwrap().unwrap()
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    let first = stage.newest_code();
    browser.new_tab().await;
    open_login(&stage, &browser).await;
    let second = stage.newest_code();
    assert_ne!(first, second);
    stage.person("ming", MING).scan(&first).await.unwrap();

    browser.to_tab(0).await;
    browser.read("Your phone number").await;
    browser.to_tab(1).await;
    assert!(browser.sees(".code").await, "the other tab waits on");
    stage.person("hong", HONG).scan(&second).await.unwrap();
    browser.read("Your phone number").await;
    browser.click(".cancel").await;
    browser.read("The login was cancelled").await;
    browser.to_tab(0).await;
    browser.reload().await;
    browser.read("Your phone number").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_reload_comes_back_to_the_same_login() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    let before = picture_in(&browser).await;
    browser.reload().await;
    assert_eq!(picture_in(&browser).await, before);
    scan(&stage, &stage.person("ming", MING)).await;
    browser.read("Your phone number").await;
    browser.reload().await;
    browser.read("Your phone number").await;
    assert_eq!(stage.sandbox.qr_codes().len(), 1);
}

#[tokio::test]
async fn the_back_button_leads_back_to_the_same_login() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    browser.open(&stage.page("/healthz")).await;
    browser.back().await;
    browser.see(".code").await;
    assert_eq!(stage.sandbox.qr_codes().len(), 1);
    let person = stage.known_person("ming", MING).await;
    let first = stage.sandbox.qr_codes().last().unwrap().url.clone();
    person.scan(&first).await.unwrap();
    browser.read("You are logged in").await;
}

#[tokio::test]
async fn a_page_holds_one_stream_and_none_when_it_is_done() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    streams_become(&browser, 1).await;
    browser.eval("document.querySelector('saoma-login').setAttribute('purpose', 'kiosk')").await;
    eventually("the code of another purpose", async || {
        stage.sandbox.qr_codes()[0].scene.to_string().contains("kiosk").then_some(())
    })
    .await;
    streams_become(&browser, 1).await;
    let person = stage.known_person("ming", MING).await;
    let shown = stage.sandbox.qr_codes().into_iter().find(|code| code.scene.to_string().contains("kiosk"));
    person.scan(&shown.unwrap().url).await.unwrap();
    browser.read("You are logged in").await;
    streams_become(&browser, 0).await;
}

#[tokio::test]
async fn an_element_that_is_taken_away_lets_go_of_its_stream() {
    let (_stage, browser) = at_the_login_page(Look::default()).await;
    streams_become(&browser, 1).await;
    browser.eval("document.querySelector('saoma-login').remove()").await;
    streams_become(&browser, 0).await;
}

#[tokio::test]
async fn a_page_that_was_left_lets_go_of_its_stream_and_goes_on_when_it_is_seen() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    // The browser keeps them for its Back button, and has six connections to a server.
    let seven_pages = async {
        for page in 1..=7 {
            browser.open(&stage.page(&format!("/login?page={page}"))).await;
            streams_become(&browser, 1).await;
        }
    };
    tokio::time::timeout(PATIENCE, seven_pages).await.expect("a connection is free for each");
    browser.back().await;
    scan(&stage, &stage.person("ming", MING)).await;
    browser.read("Your phone number").await;
}

#[tokio::test]
async fn a_tab_that_is_hidden_for_long_lets_go_and_goes_on_when_it_is_seen() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    let person = stage.known_person("ming", MING).await;
    browser.before_pages(IMPATIENT).await;
    open_login(&stage, &browser).await;
    streams_become(&browser, 1).await;
    hide(&browser, true).await;
    streams_become(&browser, 0).await;
    scan(&stage, &person).await;
    hide(&browser, false).await;
    browser.read("You are logged in").await;
}

#[tokio::test]
async fn a_code_that_ran_out_unseen_does_not_take_the_next_login_away() {
    let (stage, browser) =
        (Stage::start(&[("login.qr_ttl_s", "4")]).await, Browser::start(Look::default()).await);
    let person = stage.person("ming", MING);
    browser.before_pages(HELD).await;
    open_login(&stage, &browser).await;
    hide(&browser, true).await;
    browser.read("This code has expired").await;
    browser.eval("pause()").await;
    hide(&browser, false).await;
    browser.see(".code").await;
    scan(&stage, &person).await;
    browser.see("form").await;
    hide(&browser, true).await;
    hide(&browser, false).await;
    assert!(browser.sees("form").await);
}

#[tokio::test]
async fn a_login_that_was_ended_does_not_begin_again_by_itself() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    browser.before_pages(HELD).await;
    open_login(&stage, &browser).await;
    scan(&stage, &stage.person("ming", MING)).await;
    browser.click(".cancel").await;
    browser.read("The login was cancelled").await;
    count_calls(&browser).await;
    hide(&browser, true).await;
    browser.eval("pause()").await;
    hide(&browser, false).await;
    assert!(browser.text().await.contains("The login was cancelled"));
    assert_eq!(calls(&browser).await, 0);
}
