//! Which account a person gets.

use saoma_sandbox::{Api, OfficialAccount};

use crate::harness::{Device, PATIENCE, Setup, bind_own_phone, eventually, register, scanned_by_new};

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
async fn a_phone_whose_account_has_another_user_of_the_app_is_taken_and_nothing_changes() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (first, token) = register(&service, &ming).await;
    let before = first.session(&service, &token).await.json["account"].clone();

    // Somebody else who reads Ming's SMS is still not Ming.
    let device = scanned_by_new(&service, &hong).await;
    let last = ming.sms()[0].id;
    let asked = device.send_code(&service, ming.phone()).await;
    assert_eq!(asked.status, 202, "whether the number has an account makes no difference: {}", asked.text);
    let sms = ming.next_sms(last, PATIENCE).await.expect("the code arrives");
    let refused = device.bind(&service, ming.phone(), &sms.code).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "phone_taken"));

    let login = device.look(&service).await;
    assert_eq!((login.says(), &login.json["version"]), ("unregistered", &2.into()));
    assert_eq!(first.session(&service, &token).await.json["account"], before);
    let own = bind_own_phone(&service, &device, &hong).await;
    assert_ne!(own.json["account"]["id"], before["id"], "with a number of their own they go on");
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
