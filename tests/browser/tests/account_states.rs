//! What is asked and told on the account page, looked at in every way.

use saoma_browser::eventually;

use crate::{
    account::{TWO_ACCOUNTS, offer_to_merge, open_account, prove_hongs_number},
    scenes::{Scene, in_every_look},
};

/// Codes for one number may follow each other.
const NO_GAP: [(&str, &str); 1] = [("limits.sms_per_phone_gap_s", "0")];

/// Lets the person have two ways in and another device.
const MORE: &str = "{ const { fetch } = window;
    window.fetch = async (url, init = {}) => {
        const answer = await fetch(url, init);
        if (init.method !== 'GET' || !answer.ok || !/\\/(session|sessions)$/.test(url)) return answer;
        const body = await answer.json();
        body.account?.identities.push({ id: '9', app: 'site', channel: 'website', nickname: '小明' });
        const user_agent = 'Mozilla/5.0 (iPhone) Safari/604.1';
        body.sessions?.push({ id: '9', user_agent, last_seen_at: '2026-11-01T08:00:00Z', ip: '203.0.113.9', current: false });
        return new Response(JSON.stringify(body));
    } }";

#[tokio::test]
async fn each_way_in_and_each_other_device_has_its_button() {
    in_every_look("account-full", &[], MORE, async |scene| {
        open_account(scene).await;
        scene.browser.see(".end").await;
    })
    .await;
}

#[tokio::test]
async fn removing_a_way_in_asks_first() {
    in_every_look("remove", &[], MORE, async |scene| {
        open_account(scene).await;
        scene.browser.click(".entry .small").await;
        scene.browser.see(".danger").await;
    })
    .await;
}

#[tokio::test]
async fn a_new_number_is_asked_for() {
    in_every_look("change", &[], "", async |scene| {
        open_account(scene).await;
        scene.browser.click(".entry .small").await;
        scene.browser.see("input[type=tel]").await;
    })
    .await;
}

#[tokio::test]
async fn who_has_erased_the_account_is_told_so() {
    in_every_look("erased", &[], "", async |scene| {
        open_account(scene).await;
        scene.browser.click(".erase").await;
        scene.browser.click("input[type=checkbox]").await;
        scene.browser.click(".danger").await;
        scene.browser.see("a.main").await;
    })
    .await;
}

async fn give_hongs_number(scene: &Scene<'_>) {
    prove_hongs_number(scene.stage, scene.browser).await;
    eventually("what follows the form", async || (!scene.browser.sees("form").await).then_some(())).await;
}

#[tokio::test]
async fn a_merge_is_offered_and_told() {
    in_every_look("taken", &NO_GAP, TWO_ACCOUNTS, async |scene| {
        open_account(scene).await;
        scene.browser.click(".entry .small").await;
        give_hongs_number(scene).await;
    })
    .await;
    in_every_look("merge-ways", &NO_GAP, TWO_ACCOUNTS, async |scene| {
        open_account(scene).await;
        offer_to_merge(scene).await;
        scene.browser.see(".add").await;
    })
    .await;
    in_every_look("merged", &NO_GAP, TWO_ACCOUNTS, async |scene| {
        open_account(scene).await;
        offer_to_merge(scene).await;
        scene.browser.click(".add").await;
        give_hongs_number(scene).await;
        scene.browser.click(".main").await;
        scene.browser.see(".done .small").await;
    })
    .await;
}
