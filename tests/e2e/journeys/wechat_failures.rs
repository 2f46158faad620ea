//! A WeChat that does not do what it is asked for.

use saoma_sandbox::{Api, Fault};
use serde_json::json;

use crate::harness::{Answer, Device, Service, Setup, bind_own_phone, scanned_by_new};

async fn ask_with(service: &Service, fault: &Fault, times: usize) -> Answer {
    service.sandbox.fail(Api::QrcodeCreate, fault, times);
    let answer = Device::ask(service, json!({})).await;
    service.sandbox.clear_faults();
    answer
}

async fn assert_refused(errcode: i64, advice: &[&str]) {
    let service = Setup::default().start().await;
    let refused = ask_with(&service, &Fault::Errcode { errcode }, 1).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (502, "wechat_refused"));
    let detail = refused.json["detail"].as_str().unwrap();
    assert!(detail.contains(&errcode.to_string()), "{detail}");
    for words in advice {
        assert!(!detail.contains(words), "that is for the operator: {detail}");
        service.line_with(words).await;
    }
    assert!(!refused.text.contains(&service.sandbox.base_url()), "{}", refused.text);
    Device::start(&service).await;
}

#[tokio::test]
async fn an_account_without_the_right_is_named_with_what_to_do() {
    assert_refused(48001, &["certified service account"]).await;
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_named_with_what_to_do() {
    assert_refused(40164, &["IP whitelist", "203.0.113.7"]).await;
}

#[tokio::test]
async fn an_answer_that_is_late_broken_or_missing_is_an_honest_503() {
    let service = Setup::default().set("wechat.timeout_ms", 1500).start().await;
    Device::start(&service).await;
    let faults = [
        Fault::Delay { delay_ms: 10_000 },
        Fault::Html,
        Fault::TruncatedJson,
        Fault::Huge { bytes: 1024 * 1024 },
        Fault::Status { status: 502 },
        Fault::Close,
        Fault::Errcode { errcode: -1 },
    ];
    for fault in faults {
        let failed = ask_with(&service, &fault, 3).await;
        assert_eq!((failed.status.as_u16(), failed.problem()), (503, "wechat_unavailable"), "{fault:?}");
        assert!(failed.retry_after() >= 1);
        assert!(!failed.text.contains(&service.sandbox.base_url()), "{}", failed.text);
    }
    Device::start(&service).await;
}

#[tokio::test]
async fn a_wechat_that_is_busy_for_a_moment_is_asked_once_more() {
    let service = Setup::default().start().await;
    for fault in [Fault::Errcode { errcode: -1 }, Fault::Close] {
        assert_eq!(ask_with(&service, &fault, 1).await.status, 201, "{fault:?}");
    }
}

#[tokio::test]
async fn a_token_that_wechat_has_dropped_is_replaced() {
    let service = Setup::default().start().await;
    Device::start(&service).await;
    assert_eq!(service.sandbox.kill_tokens("main").unwrap(), 1);
    Device::start(&service).await;
    assert_eq!(service.sandbox.calls(Api::StableToken), 2);
    assert_eq!(service.sandbox.calls(Api::QrcodeCreate), 3, "one, one refused, and that one again");
}

#[tokio::test]
async fn people_log_in_though_wechat_does_not_tell_their_unionid() {
    let service = Setup::default().start().await;
    service.sandbox.fail(Api::UserInfo, &Fault::Errcode { errcode: 48001 }, 2);
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    bind_own_phone(&service, &device, &ming).await;
}
