//! How the service is, and how many logins took which step.

use reqwest::Method;
use serde_json::json;

use crate::{
    harness::{Device, Setup, register},
    site_api::support::{call, with_root},
};

#[tokio::test]
async fn the_status_says_what_came_last_and_what_waits() {
    let service = with_root(Setup::every_channel()).start().await;
    let before = call(&service, Method::GET, "/v1/admin/status", None).await;
    assert_eq!((before.status.as_u16(), &before.json["database"]), (200, &json!("ok")), "{}", before.text);
    assert_eq!(before.json["apps"][0]["last_callback"], json!(null));
    register(&service, &service.person("ming")).await;
    let after = call(&service, Method::GET, "/v1/admin/status", None).await;
    let main = &after.json["apps"][0];
    assert_eq!((&main["name"], &main["kind"]), (&json!("main"), &json!("official_account")));
    assert_eq!(main["last_callback"]["outcome"], "phone_needed", "{}", after.text);
    assert!(main["last_callback"]["clock_skew_s"].as_i64().unwrap().abs() < 60);
    assert!(main["token_expires_in"].as_u64().unwrap() > 0);
    let queues = json!({"webhooks_waiting": 0, "webhooks_failed": 0, "relay_waiting": 0});
    assert_eq!(after.json["queues"], queues);
    let code = after.json["quotas"]
        .as_array()
        .unwrap()
        .iter()
        .find(|quota| quota["api"] == "/cgi-bin/qrcode/create");
    let code = code.unwrap_or_else(|| panic!("{}", after.text));
    assert_eq!((&code["app"], &code["used"], &code["left"]), (&json!("main"), &json!(1), &json!(99_999)));
    assert_eq!(after.json["clock"]["ahead_of_database_ms"], json!(null), "SQLite has no clock of its own");
    assert!(after.json["clock"]["ahead_of_wechat_s"].as_i64().unwrap().abs() < 60);
    assert!(after.json["version"].is_string() && after.json["schema"].as_str().unwrap().contains("20"));
}

#[tokio::test]
async fn the_funnel_counts_each_step_and_no_login_has_a_row_for_it() {
    let service = with_root(Setup::default()).start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let given_up = Device::start(&service).await;
    given_up.cancel(&service).await;
    Device::start(&service).await;
    let known = Device::ask(&service, json!({"purpose": "tv"})).await;
    ming.scan(Device::started(&known).qr()).await.unwrap();
    let funnel = call(&service, Method::GET, "/v1/admin/funnel?by=purpose", None).await;
    assert_eq!(funnel.status, 200, "{}", funnel.text);
    let item = |purpose: &str| {
        let items = funnel.json["items"].as_array().unwrap();
        items.iter().find(|item| item["purpose"] == purpose).unwrap().clone()
    };
    let web = item("web");
    for (step, count) in [("started", 3), ("scanned", 1), ("followed", 1), ("bound", 1), ("registered", 1)] {
        assert_eq!(web[step], count, "{step}: {}", funnel.text);
    }
    assert_eq!(web["expired"], json!({"timeout": 1, "cancelled": 1, "denied": 0}), "{}", funnel.text);
    let tv = item("tv");
    assert_eq!((&tv["started"], &tv["scanned"], &tv["registered"]), (&json!(1), &json!(1), &json!(1)));
    for wrong in ["?by=person", "?from=yesterday", "?period=year", "?form=x"] {
        let refused = call(&service, Method::GET, &format!("/v1/admin/funnel{wrong}"), None).await;
        assert_eq!(refused.problem(), "body_invalid", "{wrong}");
    }
}
