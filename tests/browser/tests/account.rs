//! The account page.

use saoma_browser::{Browser, Look, Stage, eventually};

use crate::{
    scenes::{Scene, in_every_look},
    steps::{HONG, MING, ask_for_sms, decide, log_in_with, no_complaint, open_login, scan},
};

/// Logs a newcomer in and opens their account page.
pub(crate) async fn open_account(scene: &Scene<'_>) {
    let person = scene.scan_as_newcomer().await;
    let code = ask_for_sms(scene.browser, &person).await;
    log_in_with(scene.browser, &code).await;
    scene.browser.see(".out").await;
    scene.browser.open(&scene.stage.page("/account")).await;
    scene.browser.see(".erase").await;
}

/// Logs Ming in, who has an account, and opens their account page.
pub(crate) async fn at_the_account() -> (Stage, Browser) {
    at_the_account_of(Stage::start(&[]).await).await
}

async fn at_the_account_of(stage: Stage) -> (Stage, Browser) {
    let browser = Browser::start(Look::default()).await;
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
async fn who_logged_in_long_ago_is_asked_for_a_scan() {
    in_every_look("renew", &[], TOO_OLD, async |scene| {
        open_account(scene).await;
        scene.browser.click(".add").await;
        scene.browser.see(".code").await;
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
    browser.read("Confirm that it is you").await;
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

/// Lets the person have another account, and the number that they type be that account's.
pub(crate) const TWO_ACCOUNTS: &str = "{ const { fetch } = window;
    const json = (body, status = 200) => new Response(JSON.stringify(body), { status });
    const other = { id: '2', phone: '138****8002' };
    window.fetch = async (url, init = {}) => {
        const path = new URL(url, location).pathname;
        if (path === '/v1/session/phone' && init.method === 'PUT') {
            return json({ code: 'phone_taken', status: 409, merge_by: ['sms', 'scan'] }, 409);
        }
        if (path === '/v1/session/merge') {
            const { dry_run: dry } = JSON.parse(await init.body.text());
            const moves = [{ what: 'identity', app: 'shop' }, { what: 'phone' }];
            return json({ id: dry ? null : '7', account: other, moves, clashes: [{ what: 'nickname' }] });
        }
        if (path === '/v1/session/merges/7/undo') return json({ account: other });
        const answer = await fetch(url, init);
        if (path !== '/v1/session' || init.method !== 'GET' || !answer.ok) return answer;
        const conflict = { identity_id: '1', app: 'main', channel: 'official_account', account: other, merge_by: ['scan', 'sms'] };
        return json({ ...(await answer.json()), conflicts: [conflict] });
    } }";

/// Goes from the account page to the ways by which the other account is proven.
pub(crate) async fn offer_to_merge(scene: &Scene<'_>) {
    scene.browser.click(".merge").await;
    // The account page has a button `.add`, too.
    scene.browser.see(".cancel").await;
}

/// Types a number of Hong's and its code into the form of the account page.
pub(crate) async fn prove_hongs_number(stage: &Stage, browser: &Browser) {
    let person = stage.person("hong", HONG);
    let code = ask_for_sms(browser, &person).await;
    log_in_with(browser, &code).await;
}

#[tokio::test]
async fn who_has_two_accounts_is_told_and_shown_what_a_merge_would_do() {
    in_every_look("conflict", &[], TWO_ACCOUNTS, async |scene| {
        open_account(scene).await;
        scene.browser.see(".conflict").await;
    })
    .await;
    in_every_look("merge", &[("limits.sms_per_phone_gap_s", "0")], TWO_ACCOUNTS, async |scene| {
        open_account(scene).await;
        offer_to_merge(scene).await;
        scene.browser.click(".add").await;
        prove_hongs_number(scene.stage, scene.browser).await;
        scene.browser.see("ul.steps").await;
    })
    .await;
}

#[tokio::test]
async fn a_number_that_has_an_account_leads_to_a_merge_that_can_be_undone() {
    let (stage, browser) = at_the_account().await;
    browser.before_pages(TWO_ACCOUNTS).await;
    browser.reload().await;
    browser.click(".entry .small").await;
    prove_hongs_number(&stage, &browser).await;
    browser.read("This number has an account already").await;
    browser.check_accessibility().await;
    browser.click(".main").await;
    browser.read("This moves into your account").await;
    browser.click(".main").await;
    browser.read("You can undo it for 7 days").await;
    browser.click(".done .small").await;
    browser.read("The merge was undone").await;
    no_complaint(&browser).await;
}

#[tokio::test]
async fn the_number_of_another_wechat_user_asks_for_their_scan_and_two_accounts_become_one() {
    let stage = Stage::start(&[("limits.sms_per_phone_gap_s", "0")]).await;
    let (stage, browser) = at_the_account_of(stage).await;
    let hong = stage.known_person("hong", HONG).await;
    browser.click(".entry .small").await;
    prove_hongs_number(&stage, &browser).await;
    browser.read("This number has an account already").await;
    browser.click(".main").await;
    browser.read("Scan with the WeChat of the other account").await;
    scan(&stage, &hong).await;
    browser.read("Merge two accounts").await;
    browser.click(".main").await;
    browser.read("You can undo it for 7 days").await;
    browser.click(".done .small").await;
    browser.read("The merge was undone").await;
    no_complaint(&browser).await;
}
