//! What may not be done too often.

use serde_json::json;

use crate::harness::{Device, PATIENCE, Setup, code_for, register, scanned_by_new};

#[tokio::test]
async fn a_number_gets_no_second_sms_right_after_the_first() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    code_for(&service, &device, &ming).await;

    let refused = device.send_code(&service, ming.phone()).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (429, "rate_limited"));
    assert!((1..=60).contains(&refused.retry_after()), "{}", refused.retry_after());
    let elsewhere = scanned_by_new(&service, &service.person("hong")).await;
    let refused = elsewhere.send_code(&service, ming.phone()).await;
    assert_eq!(refused.problem(), "rate_limited", "the number counts, whoever asks");
    assert_eq!(ming.sms().len(), 1);
}

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
async fn who_finds_no_place_to_wait_is_answered_at_once() {
    let service = Setup::default().set("limits.waits_per_ip", 1).start().await;
    let device = Device::start(&service).await;
    let at_once = async {
        service.waiting(1).await;
        let second = tokio::time::timeout(PATIENCE, device.wait(&service, 60, 1)).await;
        assert_eq!(second.expect("it does not wait").says(), "loop");
        device.cancel(&service).await
    };
    let (first, _) = tokio::join!(device.wait(&service, 60, 1), at_once);
    assert_eq!(first.says(), "expired", "the first one waits on");
}
