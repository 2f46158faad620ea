//! Section 6: what `/metrics` shows, and how.

use saoma_sandbox::{Api, Fault};

use super::requests::{request, send};
use crate::harness::{Answer, Service, Setup, register};

async fn metrics(service: &Service, accept: &str) -> Answer {
    let url = format!("{}/metrics", service.admin_url);
    send(request(service, reqwest::Method::GET, &url).header("Accept", accept)).await
}

const PROMETHEUS: &str =
    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

#[tokio::test]
async fn the_format_is_the_one_that_is_asked_for() {
    let service = Setup::default().start().await;
    let open = metrics(&service, PROMETHEUS).await;
    assert!(open.headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    assert!(open.text.ends_with("# EOF\n"), "{}", open.text);
    assert!(open.text.contains("# TYPE saoma_callbacks counter"), "{}", open.text);
    for accept in ["text/plain", "*/*"] {
        let classic = metrics(&service, accept).await;
        assert!(classic.headers["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
        assert!(classic.text.contains("# TYPE saoma_callbacks_total counter"), "{}", classic.text);
        for word in ["# EOF", "# UNIT"] {
            assert!(!classic.text.contains(word), "{}", classic.text);
        }
    }
}

#[tokio::test]
async fn every_series_is_there_from_the_start_with_0() {
    let service = Setup::every_channel().start().await;
    let text = metrics(&service, "text/plain").await.text;
    for series in [
        "saoma_login_steps_total{step=\"registered\",channel=\"official_account\",app=\"main\",purpose=\"web\"} 0",
        "saoma_login_steps_total{step=\"started\",channel=\"in_wechat\",app=\"main\",purpose=\"web\"} 0",
        "saoma_login_steps_total{step=\"denied\",channel=\"website\",app=\"site\",purpose=\"web\"} 0",
        "saoma_login_steps_total{step=\"registered\",channel=\"app\",app=\"mobile\",purpose=\"web\"} 0",
        "saoma_callbacks_total{app=\"main\",outcome=\"signature\"} 0",
        "saoma_scans_total{outcome=\"logged_in\"} 0",
        "saoma_suspected_logins_total{sign=\"tried_again\"} 0",
        "saoma_oauth_returns_total{outcome=\"logged_in\"} 0",
        "saoma_sms_codes_total{outcome=\"sent\"} 0",
        "saoma_sms_messages_total{provider=\"webhook\",outcome=\"sent\"} 0",
        "saoma_sms_duration_seconds_count{provider=\"webhook\"} 0",
        "saoma_wechat_duration_seconds_count{api=\"/cgi-bin/qrcode/create\",errcode=\"0\"} 0",
        "saoma_http_request_duration_seconds_count{route=\"/v1/logins\",method=\"POST\"} 0",
        "saoma_waiting_clients 0",
        "saoma_trace_spans_total{outcome=\"dropped\"} 0",
    ] {
        assert!(text.lines().any(|line| line == series), "{series}: {text}");
    }
    assert!(text.contains("saoma_build_info{version=\""), "{text}");
}

#[tokio::test]
async fn how_long_things_take_is_counted_by_what_they_are() {
    let service = Setup::default().start().await;
    register(&service, &service.person("ming")).await;
    service.sandbox.fail(Api::QrcodeCreate, &Fault::Errcode { errcode: 48001 }, 1);
    crate::harness::Device::ask(&service, serde_json::json!({})).await;
    let text = metrics(&service, "text/plain").await.text;
    let count = |series: &str| -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("{series}: {text}")).parse().unwrap()
    };
    assert_eq!(
        count("saoma_wechat_duration_seconds_count{api=\"/cgi-bin/qrcode/create\",errcode=\"48001\"}"),
        1
    );
    assert_eq!(count("saoma_http_request_duration_seconds_count{route=\"/v1/logins\",method=\"POST\"}"), 2);
    assert!(count("saoma_database_duration_seconds_count{kind=\"transaction\",outcome=\"ok\"}") >= 2);
    assert_eq!(count("saoma_sms_duration_seconds_count{provider=\"webhook\"}"), 1);
    let buckets = text.lines().filter(|line| line.starts_with("saoma_sms_duration_seconds_bucket"));
    assert!(buckets.clone().count() > 5);
    assert!(buckets.clone().any(|line| line.contains("le=\"+Inf\"")));
}

#[tokio::test]
async fn a_client_cannot_make_series_at_will() {
    let service = Setup::default().set("limits.logins_per_ip_burst", 0).start().await;
    for number in 0..30 {
        let purpose = format!("p{number}");
        crate::harness::Device::ask(&service, serde_json::json!({"purpose": purpose})).await;
    }
    let text = metrics(&service, "text/plain").await.text;
    let started = text.lines().filter(|line| line.starts_with("saoma_login_steps_total{step=\"started\""));
    assert!(started.clone().count() <= 30, "{text}");
    assert!(started.clone().any(|line| line.contains("purpose=\"other\"")), "{text}");
}
