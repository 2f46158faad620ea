//! Which account a person gets.

use saoma_sandbox::{Api, Fault, OfficialAccount};

use crate::harness::{Device, Setup, bind_own_phone, register};

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
async fn a_person_whom_a_unionid_leads_to_an_account_is_logged_in_at_once() {
    let service = Setup::default().also(shop()).start().await;
    let ming = service.person("ming");
    let (first, token) = register(&service, &ming).await;
    let before = first.session(&service, &token).await;

    let device = Device::start_at(&service, "shop").await;
    assert_eq!(device.started["app"], "shop");
    let mut page = device.events(&service, None).await;
    assert_eq!(page.next().await.unwrap().says(), "loop");
    let scanned = ming.scan(device.qr()).await.unwrap();
    assert!(scanned.reply().unwrap().starts_with("已登录 login.example.test\n"), "{:?}", scanned.reply());
    let news = page.next().await.unwrap();
    assert_eq!((news.id, news.says()), (2, "registered"), "the page is never told to ask for a phone");
    assert_eq!(news.json["account"]["id"], before.json["account"]["id"]);

    let session = device.session(&service, news.json["session"]["token"].as_str().unwrap()).await;
    assert_eq!(session.apps(), ["main", "shop"]);
    assert_eq!(ming.sms().len(), 1, "no second code was sent");
}

#[tokio::test]
async fn where_wechat_tells_the_unionid_too_late_the_login_moves_by_itself() {
    let service = Setup::default().also(shop()).start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    // One may be for the profile, which is read after a login.
    service.sandbox.fail(Api::UserInfo, &Fault::Delay { delay_ms: 2500 }, 2);

    let device = Device::start_at(&service, "shop").await;
    let mut page = device.events(&service, None).await;
    assert_eq!(page.next().await.unwrap().says(), "loop");
    let scanned = ming.scan(device.qr()).await.unwrap();
    assert!(scanned.reply().unwrap().starts_with("扫码成功"), "{:?}", scanned.reply());
    let told = [page.next().await.unwrap(), page.next().await.unwrap()].map(|event| event.says().to_owned());
    assert_eq!(told, ["unregistered", "registered"]);
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
    assert_eq!(session.apps(), ["main", "shop"]);
    assert!(service.sandbox.calls(Api::UserInfo) <= 2, "only the profiles are read, once each");
}
