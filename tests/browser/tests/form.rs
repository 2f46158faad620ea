//! The phone form: what is typed and pasted into it, and how often it calls.

use saoma_browser::{Browser, Look, Stage};
use thirtyfour::Key;

use crate::steps::{MING, ask_for_sms, at_the_login_page, calls, count_calls, log_in_with, scan, value_of};

/// Starts everything and goes on to the form as somebody new.
async fn at_the_form() -> (Stage, Browser) {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    scan(&stage, &stage.person("ming", MING)).await;
    browser.see("form").await;
    (stage, browser)
}

/// Puts a text in place of what is in an input, all at once.
async fn paste(browser: &Browser, autocomplete: &str, text: &str) {
    const PASTE: &str = "const { shadowRoot } = document.querySelector('saoma-login');
        shadowRoot.querySelector('[autocomplete=INPUT]').select();
        document.execCommand(TEXT ? 'insertText' : 'delete', false, TEXT)";
    let text = serde_json::to_string(text).unwrap();
    browser.eval(&PASTE.replace("INPUT", autocomplete).replace("TEXT", &text)).await;
}

async fn click_twice(browser: &Browser, selector: &str) {
    const CLICKS: &str =
        "const button = document.querySelector('saoma-login').shadowRoot.querySelector('WHICH');
        button.click(); button.click()";
    browser.eval(&CLICKS.replace("WHICH", selector)).await;
}

#[tokio::test]
async fn the_code_is_found_in_a_whole_sms() {
    let (stage, browser) = at_the_form().await;
    ask_for_sms(&browser, &stage.person("ming", MING)).await;
    browser.read("Code sent").await;
    for (sms, code) in [
        ("Your code for \u{201c}login\u{201d} is 893619. It is good for 3 min.", "893619"),
        ("\u{3010}登录\u{3011}验证码893620，3分钟内有效", "893620"),
        ("８９３６２１", "893621"),
        ("893 622", "893622"),
    ] {
        paste(&browser, "one-time-code", sms).await;
        assert_eq!(value_of(&browser, "one-time-code").await, code, "{sms}");
    }
}

#[tokio::test]
async fn a_number_is_read_in_wide_digits_and_shown_in_groups() {
    let (_stage, browser) = at_the_form().await;
    paste(&browser, "tel-national", "１３８００１３８００１").await;
    assert_eq!(value_of(&browser, "tel-national").await, "138 0013 8001");
    browser.click(".send").await;
    browser.read("Code sent to +86 138 0013 8001").await;
    browser.read("Valid for 3 minutes").await;
}

#[tokio::test]
async fn a_number_from_abroad_brings_its_country_along() {
    let (_stage, browser) = at_the_form().await;
    paste(&browser, "tel-national", "+852 9123 4567").await;
    assert_eq!(value_of(&browser, "tel-national").await, "9123 4567");
    browser.click(".send").await;
    browser.read("Code sent to +852 9123 4567").await;
}

#[tokio::test]
async fn a_country_is_found_by_its_name_with_the_keyboard_alone() {
    let (_stage, browser) = at_the_form().await;
    browser.click(".country").await;
    browser.see("[role=listbox]").await;
    browser.check_accessibility().await;
    browser.press(&[Key::Down, Key::Enter]).await;
    assert_eq!(browser.see(".country").await.text().await.unwrap(), "+852");
    assert!(!browser.sees("[role=listbox]").await);
}

#[tokio::test]
async fn a_double_click_is_one_call() {
    let (stage, browser) = at_the_form().await;
    browser.type_into("input[autocomplete=tel-national]", "13800138001").await;
    count_calls(&browser).await;
    click_twice(&browser, ".send").await;
    assert_eq!(calls(&browser).await, 1);
    browser.read("Code sent").await;

    let code = stage.person("ming", MING).sms().last().unwrap().code.clone();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    browser.type_into("input[autocomplete=one-time-code]", wrong).await;
    click_twice(&browser, ".main").await;
    assert_eq!(calls(&browser).await, 2);
    browser.read("Tries left: 4").await;
    paste(&browser, "one-time-code", "").await;
    log_in_with(&browser, &code).await;
    browser.read("You are logged in").await;
}

#[tokio::test]
async fn a_call_that_hangs_keeps_nobody_from_cancelling() {
    let (_stage, browser) = at_the_form().await;
    browser
        .eval(
            "const { fetch } = window;
            window.fetch = (url, init) => url.endsWith('/sms-codes') ? new Promise(() => {}) : fetch(url, init)",
        )
        .await;
    browser.type_into("input[autocomplete=tel-national]", "13800138001").await;
    browser.click(".send").await;
    browser.click(".cancel").await;
    browser.read("The login was cancelled").await;
}
