//! Which account a person gets.

use saoma_sandbox::{Api, OfficialAccount};

use crate::harness::{Device, Setup, bind_own_phone, eventually, register};

/// A second official account of the same company.
fn shop() -> OfficialAccount {
    OfficialAccount {
        name: "shop".to_owned(),
        app_id: "wx7d1e5f2a9b3c4068".to_owned(),
        original_id: "gh_8c2d4e6f1a3b".to_owned(),
        ..OfficialAccount::demo()
    }
}

#[tokio::test]
async fn a_person_who_is_known_by_unionid_needs_no_phone_at_another_account() {
    let service = Setup::default().also(shop()).start().await;
    let ming = service.person("ming");
    let (first, token) = register(&service, &ming).await;
    let before = first.session(&service, &token).await;
    eventually("WeChat is asked for the unionid", async || {
        (service.sandbox.calls(Api::UserInfo) > 0).then_some(())
    })
    .await;

    let device = Device::start_at(&service, "shop").await;
    assert_eq!(device.started["app"], "shop");
    let (_, linked) = tokio::join!(ming.scan(device.qr()), device.wait(&service, 30, 2));
    assert_eq!(linked.says(), "registered");
    assert_eq!(linked.json["account"]["id"], before.json["account"]["id"]);
    let session = device.session(&service, linked.token()).await;
    let apps: Vec<&str> = session.json["account"]["identities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|identity| identity["app"].as_str().unwrap())
        .collect();
    assert_eq!(apps, ["main", "shop"]);
    assert_eq!(ming.sms().len(), 1, "no second code was sent");
}

#[tokio::test]
async fn where_unionids_do_not_link_the_same_phone_leads_to_the_same_account() {
    let setup = Setup::default().also(shop()).set("login.link_by_unionid", false);
    let service = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    let ming = service.person("ming");
    let (first, token) = register(&service, &ming).await;
    let before = first.session(&service, &token).await;

    let device = Device::start_at(&service, "shop").await;
    ming.scan(device.qr()).await.unwrap();
    assert_eq!(device.look(&service).await.says(), "unregistered");
    let bound = bind_own_phone(&service, &device, &ming).await;
    assert_eq!(bound.json["account"]["id"], before.json["account"]["id"]);
    let session = device.session(&service, bound.token()).await;
    assert_eq!(session.json["account"]["identities"].as_array().unwrap().len(), 2);
    assert_eq!(service.sandbox.calls(Api::UserInfo), 0, "WeChat is not even asked");
}
