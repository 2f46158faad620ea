//! States of the login page that few people come to, looked at in every way like the others.

use saoma_browser::Look;

use crate::{
    scenes::{in_every_look, in_every_look_of},
    steps::{ask_for_sms, scan},
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

#[tokio::test]
async fn an_account_without_codes_of_its_own_is_sent_six_digits() {
    const BY_MESSAGE: &str = "{ const { fetch } = window;
        window.fetch = async (url, init = {}) => {
            const answer = await fetch(url, init);
            if (init.method !== 'POST' || !/logins$/.test(url)) return answer;
            const login = await answer.json();
            const image_url = `data:image/svg+xml,${encodeURIComponent(login.qr.svg)}`;
            login.qr = { image_url, message: { code: '482913' } };
            return new Response(JSON.stringify(login), { status: answer.status });
        } }";
    in_every_look("message", &[], BY_MESSAGE, async |scene| {
        scene.open_without_code(".digits").await;
    })
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
