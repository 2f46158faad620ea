//! What the phone is told after a scan.

use crate::harness::{Browser, Device, Service, Setup, register};

/// Has a person scan the code of a browser, and returns what the chat says.
async fn told(service: &Service, person: &str) -> Option<String> {
    let (_, qr) = Browser::new().start(service).await;
    let scanned = service.person(person).scan(&qr).await.unwrap();
    scanned.reply().map(str::to_owned)
}

#[tokio::test]
async fn the_phone_is_told_which_browser_at_which_address_asked_for_which_site() {
    let service = Setup::default().start().await;
    let new = told(&service, "ming").await.unwrap();
    assert!(new.starts_with("扫码成功，请在 login.example.test 的页面上继续\n"), "{new}");
    assert!(new.contains("\n设备：Chrome · Windows\n地址：127.0.0.1\n时间：20"), "{new}");

    register(&service, &service.person("hong")).await;
    let known = told(&service, "hong").await.unwrap();
    assert!(
        known.starts_with("已登录 login.example.test\n设备：Chrome · Windows\n地址：127.0.0.1\n"),
        "{known}"
    );
}

#[tokio::test]
async fn a_device_is_named_by_its_program() {
    let service = Setup::default().start().await;
    let device = Device::start(&service).await;
    let scanned = service.person("ming").scan(device.qr()).await.unwrap();
    assert!(scanned.reply().unwrap().contains("\n设备：living-room-tv\n"), "{:?}", scanned.reply());
}

#[tokio::test]
async fn the_phone_is_told_in_english_where_that_is_configured() {
    let service = Setup::default().set("wechat.apps.0.language", "en").start().await;
    let new = told(&service, "ming").await.unwrap();
    let start =
        "Scanned. Continue at login.example.test\nDevice: Chrome · Windows\nAddress: 127.0.0.1\nTime: ";
    assert!(new.starts_with(start), "{new}");
    register(&service, &service.person("hong")).await;
    let known = told(&service, "hong").await.unwrap();
    assert!(known.starts_with("Logged in to login.example.test\nDevice: Chrome · Windows\n"), "{known}");
}

#[tokio::test]
async fn an_operator_can_say_it_in_other_words() {
    let service = Setup::default()
        .set("wechat.apps.0.replies.go_on", "Go on, {browser} at {address}!")
        .set("wechat.apps.0.replies.logged_in", "Welcome to {site}! Not you: {link}")
        .set("wechat.apps.0.replies.taken", "Too slow for {site}!")
        .set("wechat.apps.0.replies.expired", "Too late for {site}!")
        .start()
        .await;
    let go_on = told(&service, "ming").await.unwrap();
    let (said, not_me) = go_on.split_once('\n').expect("a link is added to words that have none");
    assert_eq!(said, "Go on, Chrome · Windows at 127.0.0.1!");
    assert!(not_me.contains("/n/"), "{not_me}");
    let hong = service.person("hong");
    register(&service, &hong).await;
    let welcome = told(&service, "hong").await.unwrap();
    assert!(welcome.starts_with("Welcome to login.example.test! Not you: http"), "{welcome}");
    assert!(!welcome.contains('\n'), "the link is where the words say it: {welcome}");

    let device = Device::start(&service).await;
    hong.scan(device.qr()).await.unwrap();
    let second = service.person("ming").scan(device.qr()).await.unwrap();
    assert_eq!(second.reply(), Some("Too slow for login.example.test!"));
    let device = Device::start(&service).await;
    device.cancel(&service).await;
    let late = hong.scan(device.qr()).await.unwrap();
    assert_eq!(late.reply(), Some("Too late for login.example.test!"));
}
