//! Every state of the login page, in both languages, light and dark, on a narrow screen and zoomed in: nothing
//! keeps people out, nothing is cut off, and it looks as it did.

use saoma_browser::{Look, eventually};
use saoma_sandbox::{Api, Fault};
use serde_json::json;

use crate::{
    rare_states::AT_ONCE,
    scenes::{in_every_look, in_every_look_of},
    steps::{ask_for_sms, click_door, decide, log_in_with},
};

#[tokio::test]
async fn bones_are_shown_while_the_code_is_on_its_way() {
    let never = "window.fetch = () => new Promise(() => {})";
    in_every_look("loading", &[], never, async |scene| scene.open_without_code(".bone").await).await;
}

#[tokio::test]
async fn the_code_is_shown_with_its_remaining_time() {
    in_every_look("code", &[], "", async |scene| {
        scene.open().await;
        scene.browser.see("[role=timer]").await;
    })
    .await;
}

/// Plays a stream that says these, one after the other.
fn stream(answers: &[serde_json::Value]) -> String {
    format!(
        "window.EventSource = class extends EventTarget {{
            constructor() {{
                super();
                const tell = (answer) => this.dispatchEvent(new MessageEvent('state', {{ data: JSON.stringify(answer) }}));
                setTimeout(() => {}.forEach(tell));
            }}
            close() {{}}
        }}",
        serde_json::Value::from(answers)
    )
}

#[tokio::test]
async fn a_scanned_code_dims_until_it_is_confirmed() {
    let scanned = stream(&[json!({"state": "loop", "version": 2, "scanned": true, "expires_in": 90})]);
    in_every_look("scanned", &[], &scanned, async |scene| {
        scene.open().await;
        scene.browser.see(".covered").await;
    })
    .await;
}

#[tokio::test]
async fn two_digits_for_the_phone_are_large() {
    let number = json!({"state": "loop", "version": 2, "scanned": true, "expires_in": 90, "confirm": {"number": "47"}});
    in_every_look("number", &[], &stream(&[number]), async |scene| {
        scene.open_without_code(".digits").await;
        scene.browser.read("47").await;
    })
    .await;
}

#[tokio::test]
async fn a_phones_own_browser_says_where_its_two_digits_are_typed() {
    let number = json!({"state": "loop", "version": 2, "scanned": true, "expires_in": 90, "confirm": {"number": "47"}});
    in_every_look_of(Look::on_a_phone(), "number-phone", &[], &stream(&[number]), async |scene| {
        scene.open_without_code(".digits").await;
    })
    .await;
}

#[tokio::test]
async fn where_nothing_goes_on_before_it_the_terms_are_agreed_to_first() {
    const NOT_BEFORE: &str = "{ const { fetch } = window;
        window.fetch = async (url, init = {}) => {
            if (init.method !== 'POST' || !/logins$/.test(url) || JSON.parse(await init.body.text()).consent) return fetch(url, init);
            return new Response(JSON.stringify({ code: 'consent_required' }), { status: 422 });
        } }";
    let terms = [
        ("page.consent", "required"),
        ("page.version", "2026-11"),
        ("page.terms_url", "/terms"),
        ("page.privacy_url", "/privacy"),
    ];
    in_every_look("consent", &terms, NOT_BEFORE, async |scene| {
        scene.open_without_code("input[type=checkbox]").await;
        scene.browser.click(".main").await;
        scene.browser.see(".told:not(:empty)").await;
    })
    .await;
}

#[tokio::test]
async fn countries_are_listed_by_their_names_and_searched() {
    in_every_look("countries", &[("sms.countries", "*")], "", async |scene| {
        scene.scan_as_newcomer().await;
        scene.browser.click(".country").await;
        scene.browser.see("[role=option]").await;
    })
    .await;
}

#[tokio::test]
async fn who_refuses_on_the_phone_is_told_what_that_may_mean() {
    let scanned = json!({"state": "loop", "version": 2, "scanned": true, "expires_in": 90});
    let refused = json!({"state": "expired", "version": 3, "reason": "denied"});
    in_every_look("refused", &[], &stream(&[scanned, refused]), async |scene| {
        scene.open_without_code(".cover .main").await;
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_long_is_offered_help() {
    let help = [("page.help_url", "https://shop.example.com/help")];
    in_every_look("help", &help, AT_ONCE, async |scene| {
        scene.open().await;
        scene.browser.click("summary").await;
        scene.browser.see(".more").await;
    })
    .await;
}

#[tokio::test]
async fn a_newcomer_is_asked_for_the_phone_number() {
    in_every_look("phone", &[], "", async |scene| {
        scene.scan_as_newcomer().await;
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_none_is_named() {
    in_every_look("phone-invalid", &[], "", async |scene| {
        scene.scan_as_newcomer().await;
        scene.browser.type_into("input[autocomplete=tel-national]", "12").await;
        scene.browser.click(".send").await;
        scene.browser.see("[aria-invalid]").await;
    })
    .await;
}

#[tokio::test]
async fn a_code_that_was_sent_can_be_sent_again_after_a_while() {
    in_every_look("code-sent", &[], "", async |scene| {
        let person = scene.scan_as_newcomer().await;
        ask_for_sms(scene.browser, &person).await;
        scene.browser.read("+86 138").await;
        let counting = async || {
            scene.browser.see(".send[aria-disabled]").await.text().await.ok()?.contains("0:5").then_some(())
        };
        eventually("the seconds are counted down", counting).await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_code_says_how_many_tries_are_left() {
    in_every_look("code-wrong", &[], "", async |scene| {
        let person = scene.scan_as_newcomer().await;
        let code = ask_for_sms(scene.browser, &person).await;
        log_in_with(scene.browser, if code == "000000" { "111111" } else { "000000" }).await;
        scene
            .browser
            .read(match scene.language {
                "en" => "Tries left: 4",
                "zh-CN" => "还可以试 4 次",
                _ => "還可以試 4 次",
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn who_is_logged_in_is_welcomed() {
    in_every_look("welcome", &[], "", async |scene| {
        let person = scene.scan_as_newcomer().await;
        let code = ask_for_sms(scene.browser, &person).await;
        log_in_with(scene.browser, &code).await;
        scene.browser.see(".out").await;
        scene.browser.read("****").await;
    })
    .await;
}

#[tokio::test]
async fn a_code_that_nobody_scans_renews_itself_four_times_and_then_asks() {
    in_every_look("time-is-up", &[("login.qr_ttl_s", "1")], "", async |scene| {
        let before = scene.stage.sandbox.calls(Api::QrcodeCreate);
        scene.open().await;
        scene.browser.see(".main").await;
        assert_eq!(scene.stage.sandbox.calls(Api::QrcodeCreate) - before, 5);
    })
    .await;
}

#[tokio::test]
async fn who_cancels_is_told_so() {
    in_every_look("cancelled", &[], "", async |scene| {
        scene.scan_as_newcomer().await;
        scene.browser.click(".cancel").await;
        scene.browser.see(".alert").await;
    })
    .await;
}

#[tokio::test]
async fn who_refuses_in_wechat_is_told_so() {
    in_every_look("denied", &[], "", async |scene| {
        scene.newcomer();
        scene.open().await;
        click_door(scene.browser).await;
        decide(scene.browser, "#refuse").await;
        scene.browser.see(".alert").await;
        assert!(!scene.browser.url().await.contains("error="), "the address has forgotten it");
    })
    .await;
}

#[tokio::test]
async fn a_page_without_a_connection_tries_again() {
    let cut_off = "window.fetch = () => Promise.reject(new TypeError('cut off'))";
    in_every_look("offline", &[], cut_off, async |scene| scene.open_without_code(".alert").await).await;
}

#[tokio::test]
async fn a_connection_that_is_lost_while_waiting_is_named_beside_the_code() {
    in_every_look("offline-waiting", &[], "", async |scene| {
        scene.open().await;
        // Once the stream is there, its end is noticed at once.
        eventually("a stream", async || (scene.browser.streams().await == 1).then_some(())).await;
        scene.browser.set_offline(true).await;
        scene.browser.see(".notice").await;
        assert!(scene.browser.sees(".code").await);
    })
    .await;
}

#[tokio::test]
async fn a_wechat_that_does_not_answer_is_asked_again() {
    in_every_look("wechat-away", &[], "", async |scene| {
        scene.stage.sandbox.fail(Api::QrcodeCreate, &Fault::Status { status: 500 }, 500);
        scene.open_without_code(".alert").await;
    })
    .await;
}

#[tokio::test]
async fn a_wechat_that_refuses_the_site_is_not_asked_again_by_itself() {
    in_every_look("wechat-refuses", &[], "", async |scene| {
        scene.stage.sandbox.fail(Api::QrcodeCreate, &Fault::Errcode { errcode: 48001 }, 500);
        scene.open_without_code(".alert").await;
        assert!(!scene.browser.sees("[role=timer]").await);
    })
    .await;
}

#[tokio::test]
async fn who_asks_too_often_has_to_wait() {
    let one_a_minute = [("limits.logins_per_ip_burst", "1"), ("limits.logins_per_ip_per_min", "1")];
    in_every_look("too-often", &one_a_minute, "", async |scene| {
        if scene.language == "en" {
            scene.open().await;
            scene.browser.forget().await;
        }
        scene.open_without_code(".alert").await;
    })
    .await;
}

#[tokio::test]
async fn a_page_inside_wechat_has_a_button() {
    let inside = "Object.defineProperty(navigator, 'userAgent', { value: 'MicroMessenger' });
        if (location.host) sessionStorage['saoma_login ,'] ??= '{}'";
    in_every_look("door", &[], inside, async |scene| scene.open_without_code("a.main").await).await;
}
