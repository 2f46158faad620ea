//! `PUT /v1/session/phone`: another number for one's own account.

use reqwest::Method;
use saoma_sandbox::Person;
use serde_json::json;

use crate::harness::{
    Answer, Browser, PATIENCE, Service, Setup, another_than, code_for, come_back, register,
    register_by_website, scanned_by_new,
};

async fn ask_for_code(service: &Service, browser: &mut Browser, phone: &str) -> Answer {
    browser.call(service, Method::POST, "/v1/session/sms-codes", Some(json!({"phone": phone}))).await
}

/// Asks for a code to a number and returns the one that comes.
async fn new_code(service: &Service, browser: &mut Browser, owner: &Person) -> String {
    let last = owner.sms().last().map_or(0, |sms| sms.id);
    let asked = ask_for_code(service, browser, owner.phone()).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    assert!(asked.json["resend_in"].is_u64() && asked.json["expires_in"].is_u64(), "{}", asked.text);
    owner.next_sms(last, PATIENCE).await.expect("the code arrives").code
}

async fn change(service: &Service, browser: &mut Browser, phone: &str, code: &str) -> Answer {
    let body = json!({"phone": phone, "code": code});
    browser.call(service, Method::PUT, "/v1/session/phone", Some(body)).await
}

#[tokio::test]
async fn the_new_number_is_shown_leads_to_the_account_and_frees_the_old_one() {
    let service = Setup::every_channel().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, new, hong) = (service.person("ming"), service.person("new"), service.person("hong"));
    let mut browser = register_by_website(&service, &ming).await;
    let account = browser.session(&service).await.json["account"]["id"].clone();
    let code = new_code(&service, &mut browser, &new).await;
    for _ in 0..2 {
        let changed = change(&service, &mut browser, new.phone(), &code).await;
        assert_eq!(changed.status, 200, "sent twice, the same answer: {}", changed.text);
        assert_eq!(changed.json["account"]["id"], account);
        let shown = changed.json["account"]["phone"].as_str().unwrap();
        assert!(shown.contains("****") && shown.ends_with(&new.phone()[new.phone().len() - 4..]), "{shown}");
    }
    let session = browser.session(&service).await.json;
    let tail = &new.phone()[new.phone().len() - 4..];
    assert!(session["account"]["phone"].as_str().unwrap().ends_with(tail), "{session}");

    // Another person gets the old number.
    let device = scanned_by_new(&service, &hong).await;
    let code = code_for(&service, &device, &ming).await;
    let bound = device.bind(&service, ming.phone(), &code).await;
    assert_ne!(bound.json["account"]["id"], account);
}

#[tokio::test]
async fn a_number_of_another_account_is_taken() {
    let service = Setup::every_channel().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register(&service, &hong).await;
    let mut browser = register_by_website(&service, &ming).await;
    let before = browser.session(&service).await.json["account"].clone();
    let code = new_code(&service, &mut browser, &hong).await;
    let taken = change(&service, &mut browser, hong.phone(), &code).await;
    assert_eq!((taken.status.as_u16(), taken.problem()), (409, "phone_taken"));
    assert_eq!(browser.session(&service).await.json["account"], before);
}

#[tokio::test]
async fn a_wrong_code_is_counted_and_a_right_one_is_for_its_number_only() {
    let service = Setup::every_channel().set("limits.sms_per_phone_gap_s", 0).start().await;
    let (ming, new, spare) = (service.person("ming"), service.person("new"), service.person("spare"));
    register_by_website(&service, &ming).await;
    let mut browser = Browser::new();
    come_back(&service, &mut browser, &ming, "channel=website").await;
    let unsent = change(&service, &mut browser, new.phone(), "123456").await;
    assert_eq!((unsent.status.as_u16(), unsent.problem()), (410, "sms_code_expired"));
    let code = new_code(&service, &mut browser, &new).await;
    let wrong = change(&service, &mut browser, new.phone(), another_than(&code)).await;
    assert_eq!((wrong.status.as_u16(), wrong.problem()), (422, "sms_code_wrong"));
    assert_eq!(wrong.json["attempts_left"], 4);
    let other = change(&service, &mut browser, spare.phone(), &code).await;
    assert_ne!(other.status, 200, "{}", other.text);
    for malformed in ["", "123", "not a number"] {
        assert_eq!(ask_for_code(&service, &mut browser, malformed).await.problem(), "phone_invalid");
        assert_eq!(change(&service, &mut browser, malformed, &code).await.problem(), "phone_invalid");
    }
    assert_eq!(change(&service, &mut browser, new.phone(), &code).await.status, 200);
}

#[tokio::test]
async fn only_who_is_logged_in_changes_a_number_and_only_from_a_page_of_the_site() {
    let service = Setup::every_channel().start().await;
    let mut stranger = Browser::new();
    for origin in [stranger.origin.clone(), None] {
        stranger.origin = origin;
        let asked = ask_for_code(&service, &mut stranger, "13800138000").await;
        assert_eq!((asked.status.as_u16(), asked.problem()), (401, "session_invalid"));
        let changed = change(&service, &mut stranger, "13800138000", "123456").await;
        assert_eq!(changed.problem(), "session_invalid");
    }
    let mut browser = register_by_website(&service, &service.person("ming")).await;
    browser.origin = Some("https://evil.test".to_owned());
    assert_eq!(ask_for_code(&service, &mut browser, "13800138000").await.problem(), "origin_refused");
    assert_eq!(change(&service, &mut browser, "13800138000", "1").await.problem(), "origin_refused");
}
