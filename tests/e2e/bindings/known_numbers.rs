//! A number that is known already: free, the person's own, or that of another person, who is active or has left.

use reqwest::Method;
use saoma_sandbox::Person;
use serde_json::json;

use crate::harness::{
    Answer, Browser, Device, PATIENCE, Service, Setup, register, register_by_website, scanned_by_new,
};

/// Apps that know nothing of each other, so that only numbers lead to accounts.
async fn service() -> Service {
    Setup::every_channel()
        .set("login.link_by_unionid", false)
        .set("limits.sms_per_phone_gap_s", 0)
        .set("limits.sms_per_login", 0)
        .start()
        .await
}

/// Has a new person scan and prove this number; returns what the service says.
async fn bind(service: &Service, person: &Person, owner: &Person) -> Answer {
    let device = scanned_by_new(service, person).await;
    let last = owner.sms().last().map_or(0, |sms| sms.id);
    device.send_code(service, owner.phone()).await;
    let code = owner.next_sms(last, PATIENCE).await.unwrap().code;
    device.bind(service, owner.phone(), &code).await
}

/// Proves this number for one's own account; returns what the service says.
async fn change(service: &Service, browser: &mut Browser, owner: &Person) -> Answer {
    let last = owner.sms().last().map_or(0, |sms| sms.id);
    let body = json!({"phone": owner.phone()});
    browser.call(service, Method::POST, "/v1/session/sms-codes", Some(body)).await;
    let code = owner.next_sms(last, PATIENCE).await.unwrap().code;
    let body = json!({"phone": owner.phone(), "code": code});
    browser.call(service, Method::PUT, "/v1/session/phone", Some(body)).await
}

fn is_taken(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.problem()), (409, "phone_taken"), "{}", answer.text);
}

/// A person who has an account by the official account and has left: logged out everywhere, following no more.
async fn somebody_who_left(service: &Service) -> (Person, serde_json::Value) {
    let gone = service.person("gone");
    let (device, token) = register(service, &gone).await;
    let account = device.session(service, &token).await.json["account"]["id"].clone();
    device.with_session(service, Method::DELETE, "/v1/sessions", &token).await;
    gone.unfollow("main").await.unwrap();
    (gone, account)
}

#[tokio::test]
async fn a_free_number_makes_an_account_and_ones_own_leads_to_it() {
    let service = service().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    let account = browser.session(&service).await.json["account"]["id"].clone();
    let added = bind(&service, &ming, &ming).await;
    assert_eq!(added.json["account"]["id"], account, "another app of the same person");
}

#[tokio::test]
async fn a_number_of_somebody_active_or_gone_is_not_taken_over_by_a_login() {
    let service = service().await;
    let (hong, thief) = (service.person("hong"), service.person("thief"));
    let (device, token) = register(&service, &hong).await;
    is_taken(&bind(&service, &thief, &hong).await);
    assert_eq!(device.session(&service, &token).await.status, 200);

    let (gone, account) = somebody_who_left(&service).await;
    is_taken(&bind(&service, &service.person("heir"), &gone).await);
    let back = Device::start(&service).await;
    gone.scan(back.qr()).await.unwrap();
    assert_eq!(back.look(&service).await.json["account"]["id"], account, "it is still theirs");
}

#[tokio::test]
async fn a_number_of_somebody_active_or_gone_is_not_taken_over_by_an_account() {
    let service = service().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register(&service, &hong).await;
    let (gone, _) = somebody_who_left(&service).await;
    let mut browser = register_by_website(&service, &ming).await;
    let before = browser.session(&service).await.json["account"].clone();
    is_taken(&change(&service, &mut browser, &hong).await);
    is_taken(&change(&service, &mut browser, &gone).await);
    let own = change(&service, &mut browser, &ming).await;
    assert_eq!(own.status, 200, "one's own changes nothing: {}", own.text);
    assert_eq!(browser.session(&service).await.json["account"], before);
    assert_eq!(change(&service, &mut browser, &service.person("free")).await.status, 200);
}
