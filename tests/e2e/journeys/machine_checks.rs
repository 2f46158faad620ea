//! Checks against machines (`[check]`).

use serde_json::{Value, json};

use crate::{
    contract::get,
    harness::{Answer, Device, Service, Setup, scanned_by_new},
};

fn setup() -> Setup {
    Setup::default()
        .set("login.sms", "on")
        .set("check.kind", "pow")
        .set("check.max_number", 1000)
        .set("limits.sms_per_phone_gap_s", 0)
}

/// Does what the page's script does.
fn solved(challenge: &Value) -> Value {
    let salt = challenge["salt"].as_str().unwrap();
    let is_it = |number: &u64| {
        let hash = ring::digest::digest(&ring::digest::SHA256, format!("{salt}{number}").as_bytes());
        let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        hex == challenge["challenge"].as_str().unwrap()
    };
    let number = (0..=challenge["maxnumber"].as_u64().unwrap()).find(is_it).unwrap();
    let mut solution = challenge.clone();
    solution.as_object_mut().unwrap().remove("maxnumber");
    solution["number"] = number.into();
    solution
}

async fn begin(service: &Service, check: Option<Value>) -> Answer {
    Device::ask(service, json!({"channel": "sms", "check": check})).await
}

#[tokio::test]
async fn a_login_by_a_number_alone_needs_a_solution_each_time() {
    let service = setup().start().await;
    assert_eq!(get(&service, "/v1/page").await.json["check"], json!({"kind": "pow"}));
    let asked = get(&service, "/v1/check").await;
    assert_eq!(
        (asked.json["kind"].as_str(), &asked.json["challenge"]["algorithm"]),
        (Some("pow"), &json!("SHA-256"))
    );
    let refused = begin(&service, None).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (422, "check_failed"));
    assert_eq!(refused.json["kind"], "pow");
    let solution = solved(&refused.json["challenge"]);
    assert_eq!(begin(&service, Some(solution.clone())).await.says(), "unregistered");
    let again = begin(&service, Some(solution)).await;
    assert_eq!(again.problem(), "check_failed", "once");
    use base64::{Engine, engine::general_purpose::STANDARD};
    let payload = STANDARD.encode(solved(&again.json["challenge"]).to_string());
    assert_eq!(
        begin(&service, Some(json!({"payload": payload}))).await.says(),
        "unregistered",
        "as ALTCHA's widget has it"
    );
    let mut made_up = solved(&get(&service, "/v1/check").await.json["challenge"]);
    made_up["signature"] = "00".repeat(32).into();
    assert_eq!(begin(&service, Some(made_up)).await.problem(), "check_failed");
    assert_eq!(begin(&service, Some(json!({"payload": "!"}))).await.problem(), "check_failed");
    assert_eq!(begin(&service, Some(json!({"foo": 1}))).await.problem(), "body_invalid");
}

#[tokio::test]
async fn a_login_by_a_scan_needs_one_only_for_many_codes() {
    let service = setup().set("limits.sms_per_login", 0).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let send = async |check: Option<Value>| {
        let url = format!("{}/v1/logins/{}/sms-codes", service.url, device.id);
        let body = json!({"phone": ming.phone(), "check": check});
        let request = crate::contract::client().post(url).bearer_auth(&device.poll_token).json(&body);
        Answer::read(request.send().await.unwrap()).await
    };
    for _ in 0..2 {
        assert_eq!(send(None).await.status, 202, "half of five an hour");
    }
    let refused = send(None).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (422, "check_failed"));
    assert_eq!(send(Some(solved(&refused.json["challenge"]))).await.status, 202);
}

#[tokio::test]
async fn without_a_check_nothing_is_asked() {
    let service = Setup::default().set("login.sms", "on").start().await;
    assert_eq!(get(&service, "/v1/check").await.json, json!({"kind": "none"}));
    assert_eq!(begin(&service, None).await.says(), "unregistered");
}
