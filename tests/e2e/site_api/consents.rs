//! Agreeing to the terms of the site (`page.consent`), and what the site's own back end sees of it.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{call, with_root};
use crate::harness::{Answer, Device, Service, Setup, bind_own_phone, open_mini_program, scanned_by_new};

const VERSION: &str = "2026-11";

fn setup() -> Setup {
    with_root(Setup::every_channel()).set("page.consent", "required").set("page.version", VERSION)
}

async fn step(service: &Service, device: &Device, below: &str, body: Value) -> Answer {
    let url = format!("{}/v1/logins/{}{below}", service.url, device.id);
    let request = crate::contract::client().post(url).bearer_auth(&device.poll_token).json(&body);
    Answer::read(request.send().await.unwrap()).await
}

async fn consents(service: &Service, bound: &Answer) -> Value {
    let path = format!("/v1/admin/accounts/{}", bound.json["account"]["id"].as_str().unwrap());
    call(service, Method::GET, &path, None).await.json["consents"].clone()
}

#[tokio::test]
async fn no_account_is_made_for_a_person_who_did_not_agree() {
    let service = setup().start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let phone = ming.phone();
    for (below, body) in [
        ("/sms-codes", json!({"phone": phone})),
        ("/sms-codes", json!({"phone": phone, "consent": "2026-10"})),
        ("/phone", json!({"phone": phone, "code": "123456"})),
    ] {
        let refused = step(&service, &device, below, body).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "consent_required"), "{below}");
    }
    assert!(ming.sms().is_empty(), "no SMS went out");
    let sent = step(&service, &device, "/sms-codes", json!({"phone": phone, "consent": VERSION})).await;
    assert_eq!(sent.status, 202, "{}", sent.text);
    let code = ming.sms()[0].code.clone();
    let bound =
        step(&service, &device, "/phone", json!({"phone": phone, "code": code, "consent": VERSION})).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    let kept = consents(&service, &bound).await;
    assert_eq!((kept.as_array().unwrap().len(), &kept[0]["version"]), (1, &json!(VERSION)));
    assert_eq!(kept[0]["ip"], "127.0.0.1");
    assert!(kept[0]["agreed_at"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn a_person_may_agree_when_the_login_begins() {
    let service = setup().start().await;
    let ming = service.person("ming");
    let old = Device::ask(&service, json!({"consent": "2026-10"})).await;
    assert_eq!((old.status.as_u16(), old.problem()), (422, "consent_required"));
    let device = Device::started(&Device::ask(&service, json!({"consent": VERSION})).await);
    ming.scan(device.qr()).await.unwrap();
    let bound = bind_own_phone(&service, &device, &ming).await;
    assert_eq!(consents(&service, &bound).await[0]["version"], VERSION);
}

#[tokio::test]
async fn the_user_of_a_mini_program_has_to_agree_too() {
    let service = setup().start().await;
    let ming = service.person("ming");
    let device = Device::started(&open_mini_program(&service, &ming).await);
    let code = ming.phone_code("mini").unwrap();
    let refused = step(&service, &device, "/wechat-phone", json!({"code": code})).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (422, "consent_required"));
    let bound = step(&service, &device, "/wechat-phone", json!({"code": code, "consent": VERSION})).await;
    assert_eq!(bound.says(), "registered", "the code was not spent: {}", bound.text);
    assert_eq!(consents(&service, &bound).await[0]["version"], VERSION);
}
