//! By keyboard alone, and what a screen reader is told.

use saoma_browser::{Browser, Look, PATIENCE, eventually};
use thirtyfour::Key;

use crate::{
    account::at_the_account,
    steps::{HONG, MING, ask_for_sms, at_the_login_page, no_complaint, open_login, scan, value_of},
};

/// Returns the name of what has the focus.
const FOCUSED: &str = "let node = document.activeElement;
    while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node.labels?.[0]?.textContent ?? node.ariaLabel ?? node.textContent";

/// Presses the tabulator until the focus is on what has this name.
async fn tab_to(browser: &Browser, name: &str) {
    for _ in 0..30 {
        if browser.eval(FOCUSED).await == name {
            return;
        }
        browser.press(&[Key::Tab]).await;
    }
    unreachable!("no key leads to {name:?}");
}

/// Waits until the focus is on what has this name.
async fn focus_is_on(browser: &Browser, name: &str) {
    eventually(&format!("the focus on {name:?}"), async || {
        (browser.eval(FOCUSED).await == name).then_some(())
    })
    .await;
}

async fn is_announced(browser: &Browser, text: &str) {
    const ANNOUNCED: &str = "return [...document.querySelector('saoma-login').shadowRoot
        .querySelectorAll('[role=status], [role=alert]')].map((node) => node.textContent).join(' ')";
    let announced = async || browser.eval(ANNOUNCED).await.as_str()?.contains(text).then_some(());
    eventually(&format!("{text:?} is announced"), announced).await;
}

#[tokio::test]
async fn a_newcomer_gets_through_by_keyboard_alone_and_hears_every_step() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    is_announced(&browser, "Scan with WeChat").await;
    let person = stage.person("ming", MING);
    scan(&stage, &person).await;
    is_announced(&browser, "Your phone number").await;
    focus_is_on(&browser, "Phone number").await;
    browser.type_keys("12").await;
    browser.press(&[Key::Enter]).await;
    is_announced(&browser, "Please check the phone number").await;
    // What is wrong is selected, so typing replaces it.
    focus_is_on(&browser, "Phone number").await;
    browser.type_keys("13800138001").await;
    browser.press(&[Key::Enter]).await;
    is_announced(&browser, "Code sent to").await;
    focus_is_on(&browser, "SMS code").await;
    browser.type_keys("1").await;
    browser.press(&[Key::Enter]).await;
    is_announced(&browser, "Tries left: 4").await;
    browser.type_keys(&person.next_sms(0, PATIENCE).await.unwrap().code).await;
    browser.press(&[Key::Enter]).await;
    is_announced(&browser, "You are logged in").await;
    focus_is_on(&browser, "You are logged in").await;
    browser.press(&[Key::Tab]).await;
    focus_is_on(&browser, "Your account").await;
    browser.press(&[Key::Tab]).await;
    focus_is_on(&browser, "Log out").await;
    browser.press(&[Key::Enter]).await;
    browser.see(".code").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn an_account_is_changed_and_erased_by_keyboard_alone() {
    let (stage, browser) = at_the_account().await;
    tab_to(&browser, "Change").await;
    browser.press(&[Key::Enter]).await;
    focus_is_on(&browser, "Phone number").await;
    browser.type_keys("13800138002").await;
    browser.press(&[Key::Enter]).await;
    focus_is_on(&browser, "SMS code").await;
    browser.type_keys(&stage.person("hong", HONG).next_sms(0, PATIENCE).await.unwrap().code).await;
    browser.press(&[Key::Enter]).await;
    browser.read("138****8002").await;
    tab_to(&browser, "Delete account").await;
    browser.press(&[Key::Enter]).await;
    focus_is_on(&browser, "I understand that this cannot be undone").await;
    browser.press(&[Key::Space]).await;
    tab_to(&browser, "Delete account").await;
    browser.press(&[Key::Enter]).await;
    browser.read("Your account is deleted").await;
    focus_is_on(&browser, "Log in").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_phones_own_browser_and_the_countries_need_no_pointer() {
    let stage = saoma_browser::Stage::start(&[("login.sms", "on")]).await;
    let browser = Browser::start(Look::on_a_phone()).await;
    open_login(&stage, &browser).await;
    tab_to(&browser, "Copy link").await;
    browser.press(&[Key::Enter]).await;
    is_announced(&browser, "Copied").await;
    browser.reload().await;
    browser.see(".code").await;
    tab_to(&browser, "WeChat").await;
    browser.press(&[Key::Right]).await;
    browser.see("form").await;
    tab_to(&browser, "Country or region: Mainland China +86").await;
    browser.press(&[Key::Enter, Key::Down, Key::Enter]).await;
    focus_is_on(&browser, "Country or region: Hong Kong +852").await;
    browser.press(&[Key::Tab]).await;
    browser.type_keys("91234567").await;
    assert_eq!(value_of(&browser, "tel-national").await, "9123 4567");
}

#[tokio::test]
async fn an_end_puts_the_focus_on_what_leads_on() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    scan(&stage, &stage.person("ming", MING)).await;
    browser.click(".cancel").await;
    is_announced(&browser, "The login was cancelled").await;
    focus_is_on(&browser, "Try again").await;
    browser.press(&[Key::Enter]).await;
    browser.see(".code").await;
}

#[tokio::test]
async fn a_phone_keyboard_offers_digits_and_the_code() {
    let (stage, browser) = at_the_login_page(Look::default()).await;
    scan(&stage, &stage.person("ming", MING)).await;
    ask_for_sms(&browser, &stage.person("ming", MING)).await;
    let code = browser.see("input[autocomplete=one-time-code]").await;
    assert_eq!(code.prop("inputMode").await.unwrap().as_deref(), Some("numeric"));
    let number = browser.see("input[autocomplete=tel-national]").await;
    assert_eq!(number.prop("type").await.unwrap().as_deref(), Some("tel"));
}
