//! Logins that end without a session.

use crate::harness::{Answer, Device, PATIENCE, Setup};

const OVER: &str = "此二维码已失效，请刷新页面后重新扫码。";

fn assert_expired(answer: &Answer, version: u32, reason: &str) {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.says(), "expired", "{}", answer.text);
    assert_eq!(answer.json["reason"], reason);
    assert_eq!(answer.json["version"], version);
}

#[tokio::test]
async fn who_waits_is_told_when_the_time_is_up_and_so_is_who_scans_after_that() {
    let service = Setup::default().set("login.qr_ttl_s", 1).start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    let told = tokio::time::timeout(PATIENCE, device.wait(&service, 60, 1)).await;
    assert_expired(&told.expect("it does not wait on"), 2, "timeout");

    let late = ming.scan(device.qr()).await.unwrap();
    assert_eq!(late.reply(), Some(OVER));
    assert_expired(&device.look(&service).await, 2, "timeout");
}

#[tokio::test]
async fn a_login_that_is_cancelled_is_over_for_everybody() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    let cancelled = async {
        service.waiting(1).await;
        device.cancel(&service).await
    };
    let (told, cancelled) = tokio::join!(device.wait(&service, 30, 1), cancelled);
    assert_eq!(cancelled.status, 204, "{}", cancelled.text);
    assert_expired(&told, 2, "cancelled");

    let late = ming.scan(device.qr()).await.unwrap();
    assert_eq!(late.reply(), Some(OVER));
    assert_expired(&device.look(&service).await, 2, "cancelled");
    assert_eq!(device.cancel(&service).await.status, 204, "twice is fine");
}

#[tokio::test]
async fn who_does_not_bind_a_phone_in_time_has_to_scan_again() {
    let service = Setup::default().set("login.bind_ttl_s", 1).start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    let told = tokio::time::timeout(PATIENCE, device.wait(&service, 60, 2)).await;
    assert_expired(&told.expect("it does not wait on"), 3, "timeout");

    let refused = device.send_code(&service, ming.phone()).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "login_state"));
    let refused = device.bind(&service, ming.phone(), "123456").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "login_state"));
    assert_eq!(ming.sms(), []);

    let again = ming.scan(Device::start(&service).await.qr()).await.unwrap();
    assert!(again.reply().unwrap().starts_with("扫码成功"), "{:?}", again.reply());
}
