//! States of the login page that few people come to, looked at in every way like the others.

use saoma_browser::{Browser, Look, Stage, eventually};

use crate::{
    scenes::{in_every_look, in_every_look_of},
    steps::{MING, ask_for_sms, scan},
};

/// Lets what is shown after a while be shown at once.
pub(crate) const AT_ONCE: &str = "const later = window.setTimeout;
    window.setTimeout = (what, ms, ...more) => later(what, ms > 15000 && ms <= 30000 ? 0 : ms, ...more);";

#[tokio::test]
async fn who_waits_for_an_sms_is_offered_help() {
    in_every_look("missing", &[], AT_ONCE, async |scene| {
        let person = scene.scan_as_newcomer().await;
        ask_for_sms(scene.browser, &person).await;
        scene.browser.click("summary").await;
        scene.browser.see("details[open]").await;
    })
    .await;
}

/// An account that can make no QR codes.
const BY_MESSAGE: [(&str, &str); 3] = [
    ("wechat.apps.0.login_by", "message"),
    ("wechat.apps.0.original_id", "gh_3f1c9a0b7d52"),
    ("wechat.apps.0.display_name", "优品商城"),
];

#[tokio::test]
async fn an_account_without_codes_of_its_own_is_sent_six_digits() {
    for (usual, state) in [
        (Look::default(), "message"),
        (Look::on_a_phone(), "message-phone"),
        (Look::inside_wechat(), "message-wechat"),
    ] {
        let (stage, browser) = (Stage::start(&BY_MESSAGE).await, Browser::start(usual).await);
        for language in ["en", "zh-CN", "zh-TW"] {
            for (look, set_up) in (Look { language, ..usual }).all() {
                browser.wear(set_up).await;
                browser.open(&stage.page("/login")).await;
                browser.see(".digits").await;
                browser.check_accessibility().await;
                let sideways = browser.eval("return document.documentElement.scrollWidth - innerWidth").await;
                assert!(sideways.as_i64().is_some_and(|over| over <= 0), "{state} {look}: {sideways} pixels");
                browser.picture().await.keep(&format!("{state}-{language}-{look}"));
            }
            browser.forget().await;
        }
    }
}

#[tokio::test]
async fn who_sends_the_digits_is_logged_in_and_without_a_picture_the_account_is_named() {
    let (stage, browser) = (Stage::start(&BY_MESSAGE).await, Browser::start(Look::default()).await);
    let ming = stage.person("ming", MING);
    ming.follow("main").await.unwrap();
    browser.open(&stage.page("/login")).await;
    browser.see(".qr .code").await;
    let size = "const [inner] = document.querySelectorAll('saoma-login');
        return inner.shadowRoot.querySelector('.code').naturalWidth";
    eventually("WeChat's picture is there", async || {
        browser.eval(size).await.as_i64().filter(|width| *width > 0)
    })
    .await;
    let digits = browser.see(".digits").await.text().await.unwrap();
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 6);
    browser.open(&stage.page("/login")).await;
    let again = browser.see(".digits").await.text().await.unwrap();
    assert!(
        again.starts_with(&digits[..3]) && again.ends_with(&digits[3..]),
        "a reload shows the same: {again}"
    );
    ming.send_text("main", &digits).await.unwrap();
    browser.see("form").await;
    let complaints = browser.complaints().await;
    assert_eq!(complaints, Vec::<String>::new());

    let unnamed = [BY_MESSAGE[0], BY_MESSAGE[2]];
    let (stage, browser) = (Stage::start(&unnamed).await, Browser::start(Look::default()).await);
    browser.open(&stage.page("/login")).await;
    browser.read("优品商城").await;
    eventually("the picture that is not there is gone", async || (!browser.sees(".qr").await).then_some(()))
        .await;
}

#[tokio::test]
async fn a_way_back_that_says_why_nothing_came_of_it_shows_what_to_do() {
    let help = [("page.help_url", "https://shop.example.com/help")];
    in_every_look("disabled", &help, "", async |scene| {
        scene.browser.open(&scene.stage.page("/login?error=account_disabled")).await;
        scene.browser.see(".alert").await;
    })
    .await;
}

#[tokio::test]
async fn a_link_that_the_browser_does_not_copy_is_copied_by_hand() {
    const NO_CLIPBOARD: &str = "Object.defineProperty(navigator, 'clipboard', { value: undefined })";
    in_every_look_of(Look::inside_wecom(), "by-hand", &[], NO_CLIPBOARD, async |scene| {
        scene.open_without_code(".main").await;
        scene.browser.click(".main").await;
        scene.browser.see("input.link").await;
    })
    .await;
}

/// Lets the page come back from WeChat with each of these errors, which have words of their own.
#[tokio::test]
async fn each_error_of_a_way_back_is_looked_at() {
    let help = [("page.help_url", "https://shop.example.com/help")];
    for error in ["snapshot", "wechat_code_invalid", "registration_closed"] {
        in_every_look(&format!("error-{error}"), &help, "", async |scene| {
            scene.browser.open(&scene.stage.page(&format!("/login?error={error}"))).await;
            scene.browser.see("h2").await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_code_that_was_sent_to_a_number_alone_is_asked_for() {
    let settings = [("login.sms", "on"), ("limits.sms_per_phone_gap_s", "0"), ("check.kind", "pow")];
    in_every_look("sms-sent", &settings, "", async |scene| {
        let person = scene.newcomer();
        scene.stage.register(&person, &person).await;
        scene.open().await;
        scene.browser.click(".tab.sms").await;
        ask_for_sms(scene.browser, &person).await;
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_told_that_the_login_is_lost() {
    // What is said on the console to those who make the site is another test's.
    const NO_COOKIE: &str = r"{ console.warn = () => {}; const { fetch } = window;
        window.fetch = async (url, init) => /v1\/session$/.test(url)
            ? Response.json({ code: 'session_invalid' }, { status: 401 }) : fetch(url, init) }";
    in_every_look("lost", &[], NO_COOKIE, async |scene| {
        let person = scene.newcomer();
        scene.stage.register(&person, &person).await;
        scene.open().await;
        scan(scene.stage, &person).await;
        scene.browser.see(".alert").await;
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_a_problem_of_the_server() {
    const BROKEN: &str = "{ const { fetch } = window;
        window.fetch = async (url, init = {}) => init.method === 'POST'
            ? new Response('<h1>Bad gateway</h1>', { status: 502 }) : fetch(url, init) }";
    let help = [("page.help_url", "https://shop.example.com/help")];
    in_every_look("internal", &help, BROKEN, async |scene| scene.open_without_code(".alert").await).await;
}
