//! What may not be done too often.

use serde_json::json;

use crate::harness::{Device, Setup, register, scanned_by_new};

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
