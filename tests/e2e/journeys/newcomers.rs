//! `login.phone` and `login.registration`.

use serde_json::json;

use crate::harness::{
    Browser, Device, Setup, code_for, come_back, open_mini_program, parameter, register, scanned_by_new,
};

#[tokio::test]
async fn where_no_phone_is_asked_for_the_first_scan_makes_an_account() {
    let service = Setup::every_channel().set("login.phone", "off").start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    let state = device.look(&service).await;
    assert_eq!(state.says(), "registered", "{}", state.text);
    assert!(ming.chat("main")[0].text.starts_with("已登录"), "{:?}", ming.chat("main"));
    let session = device.session(&service, state.token()).await;
    assert_eq!(session.status, 200, "{}", session.text);
    assert!(session.json["account"]["phone"].is_null(), "{}", session.text);
    let again = Device::start(&service).await;
    ming.scan(again.qr()).await.unwrap();
    let same = again.look(&service).await;
    assert_eq!(same.json["account"]["id"], state.json["account"]["id"]);
    assert_eq!(open_mini_program(&service, &service.person("hong")).await.says(), "registered");
}

#[tokio::test]
async fn where_the_phone_is_optional_the_client_may_skip_it() {
    let service = Setup::default().set("login.phone", "optional").start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    let skipped = device.skip_phone(&service).await;
    assert_eq!(skipped.says(), "registered", "{}", skipped.text);
    let again = device.skip_phone(&service).await;
    assert_eq!(again.token(), skipped.token(), "the same answer again");
    register(&service, &service.person("hong")).await;
}

#[tokio::test]
async fn where_the_phone_is_required_it_cannot_be_skipped() {
    let service = Setup::default().start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    assert_eq!(device.skip_phone(&service).await.problem(), "phone_invalid");
    assert_eq!(device.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn a_closed_registration_lets_in_only_who_is_there_already() {
    let service = Setup::every_channel().set("login.registration", "closed").start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let code = code_for(&service, &device, &ming).await;
    let refused = device.bind(&service, ming.phone(), &code).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, "registration_closed"));
}

#[tokio::test]
async fn a_closed_registration_without_phones_says_so_in_the_chat_and_on_the_page() {
    let setup = Setup::every_channel().set("login.registration", "closed").set("login.phone", "off");
    let service = setup.start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    let state = device.look(&service).await;
    assert_eq!((state.says(), &state.json["reason"]), ("expired", &json!("denied")));
    assert!(ming.chat("main")[0].text.contains("暂不开放注册"), "{:?}", ming.chat("main"));
    let back = come_back(&service, &mut Browser::new(), &ming, "channel=website").await;
    assert_eq!(parameter(back.location(), "error").as_deref(), Some("registration_closed"));
    let mini = open_mini_program(&service, &ming).await;
    assert_eq!((mini.status.as_u16(), mini.problem()), (403, "registration_closed"));
}
