//! From the QR code to "logged in" and out again, with the phone page as the phone.

use saoma_browser::{Browser, Look, Stage, eventually};

use crate::steps::{MING, at_the_login_page, log_in_with, no_complaint, open_login, scan};

const DESK: Look =
    Look { language: "en", dark: false, size: (1280, 900), scale: 1, user_agent: None, touch: false };

#[tokio::test]
async fn the_qr_code_on_the_screen_is_the_url_that_wechat_gave() {
    for look in [Look::default(), Look { dark: true, size: (320, 640), ..Look::default() }] {
        let (stage, browser) = at_the_login_page(look).await;
        assert_eq!(browser.picture().await.qr_text(), Some(stage.newest_code()));
    }
}

#[tokio::test]
async fn a_click_on_the_phone_logs_the_person_in_and_the_button_logs_them_out() {
    let stage = Stage::start(&[]).await;
    stage.known_person("ming", MING).await;
    let browser = Browser::start(DESK).await;
    open_login(&stage, &browser).await;
    browser.new_tab().await;
    browser.open(&stage.sandbox.base_url()).await;
    browser.click(".codes li:not(.scanned) button.main").await;
    browser.see(".bubble").await;
    no_complaint(&browser).await;

    browser.to_tab(0).await;
    browser.read("You are logged in").await;
    browser.read("138****8001").await;
    browser.reload().await;
    browser.read("You are logged in").await;
    browser.click(".out").await;
    browser.see(".code").await;
    browser.reload().await;
    browser.see(".code").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_newcomer_binds_the_phone_with_the_code_that_the_phone_page_shows() {
    let stage = Stage::start(&[]).await;
    stage.person("ming", MING);
    let (page, phone) = (Browser::start(Look::default()).await, Browser::start(DESK).await);
    open_login(&stage, &page).await;
    phone.open(&stage.sandbox.base_url()).await;
    phone.click(".codes button.main").await;
    phone.click("[id$=profile-no]").await;
    phone.click(".codes button.main").await;
    phone.see("[id$=profile-yes]").await;
    assert!(stage.sandbox.events(0).is_empty(), "WeChat tells nothing of a person who does not follow");
    phone.click("[id$=profile-yes]").await;

    page.type_into("input[autocomplete=tel-national]", "138 0013 8001").await;
    page.click(".send").await;
    phone.click("[id$=tab-sms]").await;
    let code = phone.see("[id$=sms] strong.code").await.text().await.unwrap();
    // As pasted from the SMS, with words around it.
    page.type_into("input[autocomplete=one-time-code]", &format!("code: {code}")).await;
    page.click(".main").await;
    page.read("You are logged in").await;
    page.read("138****8001").await;
    no_complaint(&page).await;
    no_complaint(&phone).await;
}

#[tokio::test]
async fn who_lost_the_cookies_is_told_what_to_do() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    let person = stage.known_person("ming", MING).await;
    browser.forget().await;
    browser.reload().await;
    browser.see(".code").await;
    eventually("a stream", async || (browser.streams().await == 1).then_some(())).await;
    browser.forget().await;
    scan(&stage, &person).await;
    browser.read("Allow cookies and try again").await;
}

#[tokio::test]
async fn used_up_tries_want_a_new_code() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    let person = stage.person("ming", MING);
    scan(&stage, &person).await;
    let code = crate::steps::ask_for_sms(&browser, &person).await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for left in ["4", "3", "2", "1"] {
        log_in_with(&browser, wrong).await;
        browser.read(&format!("Tries left: {left}")).await;
        browser
            .eval(
                "const { shadowRoot } = document.querySelector('saoma-login');
            shadowRoot.querySelector('[autocomplete=one-time-code]').value = ''",
            )
            .await;
    }
    log_in_with(&browser, wrong).await;
    browser.read("This code has expired").await;
}
