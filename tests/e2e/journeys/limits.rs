//! What may not be done too often.

use serde_json::json;

use crate::harness::{Device, Setup, log_in, register, scanned_by_new};

#[tokio::test]
async fn one_address_gets_no_endless_sms() {
    let service = Setup::default().set("limits.sms_per_ip_hour", 1).start().await;
    register(&service, &service.person("ming")).await;
    let hong = service.person("hong");
    let device = scanned_by_new(&service, &hong).await;
    let refused = device.send_code(&service, hong.phone()).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (429, "rate_limited"));
    assert!((3000..=3600).contains(&refused.retry_after()), "{}", refused.retry_after());
    assert_eq!(hong.sms(), []);
}

#[tokio::test]
async fn one_login_gets_three_sms_for_whatever_numbers() {
    let service = Setup::default().start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    for number in 0..3 {
        let sent = device.send_code(&service, &format!("1380013800{number}")).await;
        assert_eq!(sent.status, 202, "{}", sent.text);
    }
    let refused = device.send_code(&service, "13800138003").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (429, "rate_limited"));
}

#[tokio::test]
async fn sms_go_to_the_countries_of_the_configuration_alone() {
    let service = Setup::default().start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    let abroad = device.send_code(&service, "+60123456789").await;
    assert_eq!((abroad.status.as_u16(), abroad.problem()), (422, "phone_invalid"));
    assert!(abroad.json["detail"].as_str().unwrap().contains("country"), "{}", abroad.text);
    assert_eq!(device.send_code(&service, "+85251234567").await.status, 202);

    let service = Setup::default().set("sms.countries", "*").start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    assert_eq!(device.send_code(&service, "+60123456789").await.status, 202);
    for satellite in ["+870773111632", "+881612345678", "+882161234567", "+979123456789"] {
        let refused = device.send_code(&service, satellite).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "phone_invalid"), "{satellite}");
    }
}

#[tokio::test]
async fn one_address_starts_no_endless_logins() {
    let setup = Setup::default().set("limits.logins_per_ip_burst", 2);
    let service = setup.set("limits.logins_per_ip_per_min", 1).start().await;
    let device = Device::start(&service).await;
    Device::start(&service).await;

    let refused = Device::ask(&service, json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (429, "rate_limited"));
    assert!((1..=60).contains(&refused.retry_after()), "{}", refused.retry_after());
    assert_eq!(device.look(&service).await.says(), "loop", "those that were started go on");
}

#[tokio::test]
async fn one_address_makes_up_no_endless_session_tokens() {
    let service = Setup::default().start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let made_up = "A".repeat(43);
    for _ in 0..100 {
        assert_eq!(device.session(&service, &made_up).await.status, 401);
    }
    let refused = device.session(&service, &made_up).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (429, "rate_limited"));
    assert!((1..=60).contains(&refused.retry_after()), "{}", refused.retry_after());
    assert_eq!(device.session(&service, &token).await.status, 200, "who has a session is not concerned");
}

#[tokio::test]
async fn the_twenty_first_session_of_an_account_ends_the_first() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (first, token) = register(&service, &ming).await;
    for _ in 1..20 {
        log_in(&service, &ming).await;
    }
    assert_eq!(first.session(&service, &token).await.status, 200);
    let (last, new) = log_in(&service, &ming).await;
    assert_eq!(first.session(&service, &token).await.problem(), "session_invalid");
    assert_eq!(last.session(&service, &new).await.status, 200);
}
