//! One person by several channels: one account, and no accounts merged without being asked.

use saoma_sandbox::{Api, Fault, Person};
use serde_json::{Value, json};

use crate::harness::{
    Browser, Device, Service, Setup, bind_in_browser, come_back, eventually, login_to_go_on_with,
    open_mini_program, register, register_by_website,
};

fn apps(session: &Value) -> Vec<&str> {
    let identities = session["account"]["identities"].as_array().unwrap();
    identities.iter().map(|identity| identity["app"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn all_channels_of_one_open_account_lead_to_one_account() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    assert_eq!(open_mini_program(&service, &ming).await.says(), "registered");
    let device = Device::start(&service).await;
    let (_, scanned) = tokio::join!(ming.scan(device.qr()), device.wait(&service, 30, 2));
    assert_eq!(scanned.says(), "registered");
    let inside = come_back(&service, &mut Browser::new(), &ming, "channel=in_wechat&return_to=/a").await;
    assert_eq!(inside.location(), "/a");
    let session = browser.session(&service).await.json;
    assert_eq!(apps(&session), ["site", "mini", "main"]);
    assert_eq!(session["conflicts"], json!([]));
    assert_eq!(ming.sms().len(), 1, "the phone was asked for once");
}

/// Binds the number of another person, whose SMS the person reads as well: an account of its own.
async fn register_with_number_of(service: &Service, person: &Person, owner: &Person) -> Browser {
    let mut browser = Browser::new();
    let back = come_back(service, &mut browser, person, "channel=website").await;
    let id = login_to_go_on_with(&back);
    bind_in_browser(service, &mut browser, &id, owner).await;
    browser
}

#[tokio::test]
async fn two_accounts_that_turn_out_to_be_one_person_are_shown_to_both_and_stay_two() {
    let service = Setup::every_channel().start().await;
    let (ming, spare) = (service.person("ming"), service.person("spare"));
    // By the scan, and once more in the background.
    service.sandbox.fail(Api::UserInfo, &Fault::Errcode { errcode: 48001 }, 2);
    let (device, token) = register(&service, &ming).await;
    let mut browser = register_with_number_of(&service, &ming, &spare).await;
    let (one, other) = (device.session(&service, &token).await.json, browser.session(&service).await.json);
    assert_ne!(one["account"]["id"], other["account"]["id"]);
    assert_eq!(
        (&one["conflicts"], &other["conflicts"]),
        (&json!([]), &json!([])),
        "no conflict is known yet"
    );

    // Now WeChat tells who scans.
    let again = Device::start(&service).await;
    ming.scan(again.qr()).await.unwrap();
    assert_eq!(again.look(&service).await.json["account"]["id"], one["account"]["id"], "the way in stays");
    let shown = eventually("the conflict is shown", async || {
        let session = device.session(&service, &token).await.json;
        (session["conflicts"] != json!([])).then_some(session)
    })
    .await;
    let conflict = &shown["conflicts"][0];
    assert_eq!(shown["conflicts"].as_array().unwrap().len(), 1);
    assert_eq!(conflict["identity_id"], shown["account"]["identities"][0]["id"]);
    assert_eq!((&conflict["app"], &conflict["channel"]), (&"main".into(), &"official_account".into()));
    assert_eq!(conflict["account"]["id"], other["account"]["id"]);
    let phone = conflict["account"]["phone"].as_str().unwrap();
    assert!(phone.contains("****") && !shown.to_string().contains(&spare.phone()[3..]), "{shown}");
    let theirs = eventually("the conflict is shown to the other account", async || {
        let session = browser.session(&service).await.json;
        (session["conflicts"] != json!([])).then_some(session)
    })
    .await;
    assert_eq!(theirs["conflicts"][0]["account"]["id"], one["account"]["id"]);
    assert_eq!((apps(&shown), apps(&theirs)), (vec!["main"], vec!["site"]), "nothing was merged");
}
