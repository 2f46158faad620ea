//! People logging in.

use std::time::Duration;

use crate::harness::{Device, Setup};

#[tokio::test]
async fn a_new_person_scans_follows_binds_a_phone_and_is_logged_in() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    assert_eq!(device.look(&service).await.says(), "loop");

    let (scanned, waiting) = tokio::join!(ming.scan(device.qr()), device.wait(&service, 30, 1));
    assert!(scanned.unwrap().reply().is_some(), "the phone is told who asked");
    assert_eq!(waiting.says(), "unregistered");
    assert_eq!(waiting.json["version"], 2);

    let phone = ming.phone();
    assert_eq!(device.send_code(&service, &phone).await.status, 202);
    let sms = ming.next_sms(0, Duration::from_secs(5)).await.expect("the code arrives");
    let bound = device.bind(&service, &phone, &sms.code).await;
    assert_eq!(bound.says(), "registered");

    let token = bound.json["session"]["token"].as_str().unwrap();
    let session = device.session(&service, token).await;
    assert_eq!(session.status, 200, "{}", session.text);
    assert_eq!(session.json["account"]["identities"][0]["app"], "main");
}
