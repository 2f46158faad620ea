//! The ways in, whose login it is, and what differs from where the person looks at the page.

use saoma_browser::{Browser, Look, PATIENCE, Stage, eventually};
use saoma_sandbox::MiniProgram;

use crate::{
    scenes::{in_every_look, in_every_look_of},
    steps::{MING, ask_for_sms, click_door, decide, log_in_with, no_complaint, open_login, scan},
};

/// A site that has chosen everything.
const SITE: [(&str, &str); 8] = [
    ("page.site_name", "春风书店"),
    ("page.accent", "#1456c8"),
    ("page.terms_url", "https://shop.example.com/terms"),
    ("page.privacy_url", "https://shop.example.com/privacy"),
    ("page.help_url", "https://shop.example.com/help"),
    ("page.footer.0.text", "沪ICP备12345678号-1"),
    ("page.footer.0.url", "https://beian.miit.gov.cn/"),
    ("wechat.apps.0.display_name", "春风书店"),
];

/// Lets the page believe that the service allows logins by SMS, that a number is optional, and that consent is needed.
const BY_SMS: &str = "Object.defineProperty(HTMLElement.prototype, 'page', {
    set(page) {
        const login = { ...page.login, sms: 'on', phone: 'optional' };
        this.said = { ...page, login, consent: { required: true, version: '1' } };
    },
    get() { return this.said; },
})";

/// Has a mini program, and lets the page believe that there is no official account.
const MINI: [(&str, &str); 1] = [("wechat.apps.2.login_page", MiniProgram::LOGIN_PAGE)];
const MINI_ALONE: &str = "Object.defineProperty(HTMLElement.prototype, 'page', {
    set(page) {
        this.said = { ...page, channels: page.channels.filter(({ channel }) => channel === 'mini_program_code') };
    },
    get() { return this.said; },
})";

#[tokio::test]
async fn a_site_shows_whose_login_it_is() {
    in_every_look("site", &SITE, "", async |scene| scene.open().await).await;
}

#[tokio::test]
async fn a_code_with_the_mark_of_the_account_is_read_by_two_decoders() {
    let (stage, browser) = (Stage::start(&SITE).await, Browser::start(Look::default()).await);
    for look in [Look::default(), Look { dark: true, size: (320, 720), ..Look::default() }] {
        browser.wear(look).await;
        open_login(&stage, &browser).await;
        browser.see(".mark").await;
        let picture = browser.picture().await;
        assert_eq!(picture.qr_text(), Some(stage.newest_code()));
        assert_eq!(browser.qr_text_by_jsqr(&picture).await, Some(stage.newest_code()));
        let share = browser
            .eval(
                "const { shadowRoot } = document.querySelector('saoma-login');
            const code = shadowRoot.querySelector('.qr');
            return code.clientWidth * code.style.getPropertyValue('--share')",
            )
            .await;
        assert!(share.as_f64() >= Some(239.5), "{share} pixels of modules");
        browser.forget().await;
    }
}

#[tokio::test]
async fn the_ways_in_stand_side_by_side_and_the_last_one_comes_first() {
    in_every_look("quick", &[], "", async |scene| {
        scene.open().await;
        scene.browser.click(".tab.quick").await;
        scene.browser.see(".door").await;
        scene.browser.reload().await;
        scene.browser.see(".door").await;
    })
    .await;
}

#[tokio::test]
async fn a_way_is_chosen_by_keyboard_and_the_code_is_still_good_after_it() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    let person = stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    let before = stage.sandbox.qr_codes().len();
    browser.click(".tab.quick").await;
    browser.press(&[thirtyfour::Key::Left]).await;
    browser.see(".code").await;
    assert_eq!(stage.sandbox.qr_codes().len(), before, "the code of before");
    scan(&stage, &person).await;
    browser.read("You are logged in").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_number_alone_needs_the_box_ticked() {
    in_every_look("sms", &SITE, BY_SMS, async |scene| {
        scene.open().await;
        scene.browser.click(".tab.sms").await;
        scene.browser.type_into("input[type=tel]", "13800138000").await;
        scene.browser.click(".send").await;
        scene.browser.see("input[type=checkbox][aria-invalid]").await;
    })
    .await;
}

#[tokio::test]
async fn a_newcomer_may_skip_the_number_where_it_is_optional() {
    in_every_look("optional", &SITE, BY_SMS, async |scene| {
        scene.scan_as_newcomer().await;
        scene.browser.see(".skip").await;
    })
    .await;
}

#[tokio::test]
async fn without_an_official_account_the_code_of_the_mini_program_is_shown() {
    in_every_look("mini-code", &MINI, MINI_ALONE, async |scene| {
        scene.open().await;
        let shown = scene.browser.picture().await.qr_text();
        assert_eq!(shown, Some(scene.stage.sandbox.mini_codes()[0].url.clone()));
        assert!(!scene.browser.sees(".account").await, "there is nothing to follow");
    })
    .await;
}

#[tokio::test]
async fn who_confirms_in_the_mini_program_is_logged_in_on_the_page() {
    let (stage, browser) = (Stage::start(&MINI).await, Browser::start(Look::default()).await);
    browser.before_pages(MINI_ALONE).await;
    let person = stage.person("ming", MING);
    open_login(&stage, &browser).await;
    let code = stage.sandbox.mini_codes()[0].url.clone();
    assert_eq!(person.answer_on_page(&code, &stage.url, None).await.unwrap().status, 200);
    browser.see(".covered").await;
    let told = person.answer_on_page(&code, &stage.url, Some(true)).await.unwrap();
    assert_eq!(told.body["state"], "unregistered", "{told:?}");
    browser.see("input[type=tel]").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_phones_own_browser_saves_the_code_of_the_mini_program() {
    in_every_look_of(Look::on_a_phone(), "own-browser-mini", &MINI, MINI_ALONE, async |scene| {
        scene.open().await;
        assert!(!scene.browser.sees(".copy").await, "a link opens no mini program");
    })
    .await;
}

#[tokio::test]
async fn a_phones_own_browser_has_a_picture_to_save_and_a_link_to_copy() {
    in_every_look_of(Look::on_a_phone(), "own-browser", &SITE, "", async |scene| {
        scene.open().await;
        let picture = scene.browser.see(".code").await.attr("src").await.unwrap().unwrap();
        assert!(picture.starts_with("data:image/png;base64,"), "it can be saved");
        assert!(!scene.browser.sees(".tab.quick").await, "a code on another page is of no use here");
        scene.browser.see(".copy").await;
    })
    .await;
}

#[tokio::test]
async fn who_saved_the_picture_and_scanned_it_comes_back_logged_in() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::on_a_phone()).await);
    let person = stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    scan(&stage, &person).await;
    browser.read("You are logged in").await;
    no_complaint(&browser).await;
}

/// Returns the link that a phone's own browser offers.
async fn link_for_wechat(browser: &Browser) -> String {
    browser.see(".copy, .main").await;
    let field = "return document.querySelector('saoma-login').shadowRoot.querySelector('input.link').value";
    browser.eval(field).await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn who_opens_the_link_in_wechat_types_the_two_digits_that_the_phones_own_browser_shows() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::on_a_phone()).await);
    stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    let wechat = Browser::start(Look::inside_wechat()).await;
    wechat.open(&link_for_wechat(&browser).await).await;
    decide(&wechat, "#allow").await;
    browser.read("Go back to WeChat and type these two digits").await;
    let digits = browser.see(".digits").await.text().await.unwrap();
    wechat.type_into("input[name=number]", &digits).await;
    wechat.click("button[value=yes]").await;
    browser.read("You are logged in").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_link_that_was_sent_to_another_person_lets_the_sender_in_nowhere() {
    let (stage, sender) = (Stage::start(&[]).await, Browser::start(Look::on_a_phone()).await);
    stage.known_person("ming", MING).await;
    open_login(&stage, &sender).await;
    let victim = Browser::start(Look::inside_wechat()).await;
    victim.open(&link_for_wechat(&sender).await).await;
    decide(&victim, "#allow").await;
    sender.see(".digits").await;
    victim.click("button[value=no]").await;
    sender.read("The login was refused on the phone").await;
}

#[tokio::test]
async fn wechat_work_is_told_apart_from_wechat() {
    in_every_look_of(Look::inside_wecom(), "wecom", &[], "", async |scene| {
        scene.open_without_code(".alert").await;
        assert!(scene.browser.url().await.ends_with("/login"), "it is not led to WeChat");
    })
    .await;
}

#[tokio::test]
async fn who_is_logged_in_already_goes_on_without_a_click() {
    let (stage, browser) = (Stage::start(&[]).await, Browser::start(Look::default()).await);
    stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    click_door(&browser).await;
    decide(&browser, "#allow").await;
    browser.read("You are logged in").await;
    browser.open(&stage.page("/login?return_to=/healthz")).await;
    eventually("the way back", async || (browser.url().await == stage.page("/healthz")).then_some(())).await;
}

#[tokio::test]
async fn a_login_leads_to_where_the_site_says() {
    let default = [("login.default_return_to", "/healthz")];
    let (stage, browser) = (Stage::start(&default).await, Browser::start(Look::default()).await);
    let person = stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    scan(&stage, &person).await;
    eventually("the place", async || (browser.url().await == stage.page("/healthz")).then_some(())).await;
}

#[tokio::test]
async fn a_page_says_on_the_console_what_the_service_has_to_allow() {
    let mut site = saoma_browser::Site::reserve().await;
    let stage = Stage::start(&[]).await;
    site.serve(format!(
        "<!doctype html><html lang=en><title>A shop</title><main><h1>A shop</h1>
        <script type=module src={}/saoma.js></script><saoma-login></saoma-login></main>",
        stage.url
    ));
    let browser = Browser::start(Look::default()).await;
    browser.open(&site.url).await;
    let said = async || {
        browser.complaints().await.iter().any(|text| text.contains("server.allowed_origins")).then_some(())
    };
    eventually("the hint", said).await;
}

#[tokio::test]
async fn a_number_and_its_code_log_in_where_the_site_allows_it_and_the_browser_has_worked_for_it() {
    let (stage, browser) = (
        Stage::start(&[("login.sms", "on"), ("limits.sms_per_phone_gap_s", "0"), ("check.kind", "pow")])
            .await,
        Browser::start(Look::on_a_phone()).await,
    );
    let person = stage.known_person("ming", MING).await;
    open_login(&stage, &browser).await;
    browser.click(".tab.sms").await;
    let code = ask_for_sms(&browser, &person).await;
    log_in_with(&browser, &code).await;
    browser.read("You are logged in").await;
    browser.read("138****8001").await;
    no_complaint(&browser).await;
}

/// A service that asks for the captcha of a cloud, which the sandbox plays.
const CAPTCHA: [(&str, &str); 10] = [
    ("login.sms", "on"),
    ("limits.sms_per_phone_gap_s", "0"),
    ("check.kind", "aliyun"),
    ("check.access_key_id", saoma_sandbox::SMS_KEY_ID),
    ("check.access_key_secret", saoma_sandbox::SMS_KEY_SECRET),
    ("check.scene_id", saoma_sandbox::CAPTCHA_SCENE),
    ("check.prefix", saoma_sandbox::CAPTCHA_PREFIX),
    ("check.region", "cn"),
    ("check.url", "{sandbox}/sandbox/captcha"),
    ("check.script_url", "{sandbox}/sandbox/captcha/AliyunCaptcha.js"),
];

/// Opens the form for a number alone, and asks for a code.
async fn ask_for_a_code_by_number(stage: &Stage, browser: &Browser) {
    open_login(stage, browser).await;
    assert!(!browser.sees("iframe").await, "nothing is loaded before it is needed");
    browser.click(".tab.sms").await;
    browser.type_into("input[type=tel]", "13800138001").await;
    browser.click(".send").await;
}

#[tokio::test]
async fn a_captcha_is_passed_in_a_frame_of_its_own_before_a_code_is_sent() {
    let (stage, browser) = (Stage::start(&CAPTCHA).await, Browser::start(Look::on_a_phone()).await);
    let person = stage.known_person("ming", MING).await;
    let before = person.sms().last().map_or(0, |sms| sms.id);
    ask_for_a_code_by_number(&stage, &browser).await;
    browser.enter_frame("dialog iframe").await;
    browser.click("#ticked").await;
    browser.leave_frame().await;
    let code = person.next_sms(before, PATIENCE).await.unwrap().code;
    assert!(!browser.sees("dialog").await);
    log_in_with(&browser, &code).await;
    browser.read("You are logged in").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn who_leaves_the_captcha_is_back_at_the_form_and_can_try_again() {
    let (stage, browser) = (Stage::start(&CAPTCHA).await, Browser::start(Look::on_a_phone()).await);
    ask_for_a_code_by_number(&stage, &browser).await;
    browser.see("dialog iframe").await;
    browser.check_accessibility().await;
    browser.press(&[thirtyfour::Key::Escape]).await;
    eventually("the form", async || (!browser.sees("dialog").await).then_some(())).await;
    browser.click(".send").await;
    browser.enter_frame("dialog iframe").await;
    browser.click("#leave").await;
    browser.leave_frame().await;
    eventually("the form", async || (!browser.sees("dialog").await).then_some(())).await;
    assert!(browser.sees("input[type=tel]").await);
    no_complaint(&browser).await;
}

#[tokio::test]
async fn a_captcha_that_cannot_be_loaded_says_so_at_the_form() {
    let mut gone = CAPTCHA;
    gone[9].1 = "http://127.0.0.1:1/AliyunCaptcha.js";
    let (stage, browser) = (Stage::start(&gone).await, Browser::start(Look::on_a_phone()).await);
    ask_for_a_code_by_number(&stage, &browser).await;
    browser.read("The security check failed").await;
}

#[tokio::test]
async fn terms_are_agreed_to_before_an_account_is_made() {
    let settings = [("page.consent", "required"), ("page.version", "2026-11"), ("page.terms_url", "/terms")];
    let (stage, browser) = (Stage::start(&settings).await, Browser::start(Look::default()).await);
    open_login(&stage, &browser).await;
    let person = stage.person("ming", MING);
    scan(&stage, &person).await;
    let unticked = browser.see("input[type=checkbox]").await;
    assert!(!unticked.is_selected().await.unwrap());
    browser.click("input[type=checkbox]").await;
    let code = ask_for_sms(&browser, &person).await;
    log_in_with(&browser, &code).await;
    browser.read("You are logged in").await;
    no_complaint(&browser).await;
}
