//! QR codes that are made in advance, and a WeChat that does not make any.

use std::collections::HashSet;

use saoma_sandbox::{Api, Fault};
use serde_json::json;

use crate::harness::{Answer, Device, Service, Setup, bind_own_phone, eventually};

async fn with_ready_codes(ready: u32) -> Service {
    let service = Setup::default()
        .set("login.codes_ready", ready)
        .set("limits.logins_per_ip_burst", 0)
        .set("limits.logins_per_network_per_min", 0)
        .start()
        .await;
    until_ready(&service, ready).await;
    service
}

async fn until_ready(service: &Service, ready: u32) {
    let says = format!("saoma_codes_ready{{app=\"main\"}} {ready}");
    eventually("the codes are ready", async || {
        metrics(service).await.lines().find(|line| *line == says).map(drop)
    })
    .await;
}

async fn metrics(service: &Service) -> String {
    Answer::read(reqwest::get(format!("{}/metrics", service.admin_url)).await.unwrap()).await.text
}

/// Lets every call fail that makes a code.
fn break_wechat(service: &Service, fault: &Fault) {
    service.sandbox.clear_faults();
    service.sandbox.fail(Api::QrcodeCreate, fault, 1000);
}

/// The answers of a WeChat that hangs come after more than the test waits for anything.
const HANGS: Fault = Fault::Delay { delay_ms: 60_000 };

#[tokio::test]
async fn logins_begin_as_long_as_codes_last_while_wechat_hangs_is_away_or_fails() {
    let service = with_ready_codes(6).await;
    let mut codes = HashSet::new();
    for fault in [HANGS, Fault::Close, Fault::Status { status: 503 }] {
        break_wechat(&service, &fault);
        for _ in 0..2 {
            let device = Device::start(&service).await;
            assert!(codes.insert(device.qr().to_owned()), "a code is given out once");
        }
    }
    let refused = Device::ask(&service, json!({})).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (503, "wechat_unavailable"));
    let counted = metrics(&service).await;
    for line in [
        "saoma_ready_codes_total{app=\"main\",outcome=\"taken\"} 6",
        "saoma_ready_codes_total{app=\"main\",outcome=\"missed\"} 1",
    ] {
        assert!(counted.lines().any(|other| other == line), "{line}: {counted}");
    }
    service.sandbox.clear_faults();
    until_ready(&service, 6).await;
}

#[tokio::test]
async fn a_login_with_a_ready_code_ends_like_any_other() {
    let service = with_ready_codes(2).await;
    let ming = service.person("ming");
    break_wechat(&service, &HANGS);
    let device = Device::start(&service).await;
    assert_eq!(device.look(&service).await.says(), "loop");
    ming.scan(device.qr()).await.unwrap();
    assert_eq!(device.look(&service).await.says(), "unregistered");
    bind_own_phone(&service, &device, &ming).await;
}
