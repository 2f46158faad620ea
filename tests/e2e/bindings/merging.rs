//! Two accounts of one person become one: by a scan with the other WeChat, or by a code to the other number.

use reqwest::Method;
use saoma_sandbox::Person;
use serde_json::{Value, json};

use crate::{
    harness::{
        Answer, Browser, Device, PATIENCE, Service, Setup, another_than, register, register_by_website,
        scanned_by_new,
    },
    site_api::support::{call, with_root},
};

/// A service whose apps know nothing of each other, so that one person easily has two accounts.
async fn service() -> Service {
    let setup = Setup::every_channel().set("login.link_by_unionid", false);
    with_root(setup.set("limits.sms_per_phone_gap_s", 0)).start().await
}

async fn post(service: &Service, browser: &mut Browser, path: &str, body: Value) -> Answer {
    browser.call(service, Method::POST, path, Some(body)).await
}

/// Has a code sent to a number that the account of a browser's session does not have.
async fn code_to(service: &Service, browser: &mut Browser, owner: &Person) -> String {
    let last = owner.sms().last().map_or(0, |sms| sms.id);
    let asked = post(service, browser, "/v1/session/sms-codes", json!({"phone": owner.phone()})).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    owner.next_sms(last, PATIENCE).await.expect("the code arrives").code
}

/// Scans a login of a browser with another WeChat, and returns the path of its merge.
async fn scanned(service: &Service, browser: &mut Browser, person: &Person) -> String {
    let (id, qr) = browser.start(service).await;
    person.scan(&qr).await.unwrap();
    format!("/v1/logins/{id}/merge")
}

fn parts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|part| part["what"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_taken_number_is_no_dead_end() {
    let service = service().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (other, token) = register(&service, &hong).await;
    let theirs = other.session(&service, &token).await.json["account"]["id"].clone();
    let mut browser = register_by_website(&service, &ming).await;
    let own = browser.session(&service).await.json["account"].clone();
    let code = code_to(&service, &mut browser, &hong).await;
    let body = json!({"phone": hong.phone(), "code": code});
    let taken = browser.call(&service, Method::PUT, "/v1/session/phone", Some(body.clone())).await;
    assert_eq!((taken.problem(), &taken.json["merge_by"]), ("phone_taken", &json!(["sms", "scan"])));

    // The number alone does not say that the account's WeChat is theirs, too.
    let refused = post(&service, &mut browser, "/v1/session/merge", body).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, "scan_required"), "{}", refused.text);

    let path = scanned(&service, &mut browser, &hong).await;
    let preview = post(&service, &mut browser, &path, json!({"dry_run": true})).await;
    assert_eq!((preview.status.as_u16(), &preview.json["id"]), (200, &Value::Null), "{}", preview.text);
    assert_eq!(preview.json["account"]["id"], theirs);
    assert!(preview.json["account"]["phone"].as_str().unwrap().contains("****"));
    assert_eq!(
        (parts(&preview.json["moves"]), parts(&preview.json["clashes"])),
        (vec!["identity"], vec!["phone"])
    );
    assert_eq!(browser.session(&service).await.json["account"], own, "it was a preview");
    assert_eq!(other.session(&service, &token).await.status, 200);

    let merged = post(&service, &mut browser, &path, json!({})).await;
    assert_eq!(
        (&merged.json["moves"], &merged.json["clashes"]),
        (&preview.json["moves"], &preview.json["clashes"])
    );
    let after = browser.session(&service).await.json["account"].clone();
    assert_eq!((&after["id"], after["identities"].as_array().unwrap().len()), (&own["id"], 2));
    assert_eq!(
        other.session(&service, &token).await.status,
        401,
        "the sessions of the other account are over"
    );
    let trail = format!("/v1/admin/audit?account={}&kind=account_merged", own["id"].as_str().unwrap());
    let entries = call(&service, Method::GET, &trail, None).await;
    assert_eq!(entries.json["items"].as_array().unwrap().len(), 1, "{}", entries.text);

    let undo = format!("/v1/session/merges/{}/undo", merged.json["id"].as_str().unwrap());
    let undone = browser.call(&service, Method::POST, &undo, None).await;
    assert_eq!((undone.status.as_u16(), &undone.json["account"]["id"]), (200, &theirs), "{}", undone.text);
    assert_eq!(browser.session(&service).await.json["account"], own);
    assert_eq!(browser.call(&service, Method::POST, &undo, None).await.problem(), "not_found", "once");
}

#[tokio::test]
async fn an_account_that_has_nothing_but_a_number_is_proven_by_a_code() {
    let service = service().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let known = json!({"phone": hong.phone(), "external_id": "customer-17", "attributes": {"level": "gold"}});
    let made = call(&service, Method::POST, "/v1/admin/accounts", Some(known)).await;
    let mut browser = register_by_website(&service, &ming).await;
    let code = code_to(&service, &mut browser, &hong).await;
    let wish = |code: &str, dry_run| json!({"phone": hong.phone(), "code": code, "dry_run": dry_run});
    let wrong = post(&service, &mut browser, "/v1/session/merge", wish(another_than(&code), true)).await;
    assert_eq!((wrong.problem(), &wrong.json["attempts_left"]), ("sms_code_wrong", &json!(4)));
    let preview = post(&service, &mut browser, "/v1/session/merge", wish(&code, true)).await;
    assert_eq!(parts(&preview.json["moves"]), ["external_id", "attributes"], "{}", preview.text);
    let merged = post(&service, &mut browser, "/v1/session/merge", wish(&code, false)).await;
    assert_eq!(merged.status, 200, "the same code is good for both: {}", merged.text);
    let id = browser.session(&service).await.json["account"]["id"].as_str().unwrap().to_owned();
    let account = call(&service, Method::GET, &format!("/v1/admin/accounts/{id}"), None).await;
    assert_eq!(
        (&account.json["external_id"], &account.json["attributes"]["level"]),
        (&json!("customer-17"), &json!("gold"))
    );
    let other = format!("/v1/admin/accounts/{}", made.json["id"].as_str().unwrap());
    assert_eq!(call(&service, Method::GET, &other, None).await.json["disabled"], true);
}

#[tokio::test]
async fn a_device_merges_with_the_poll_token_of_one_and_the_session_of_the_other() {
    let service = service().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register(&service, &hong).await;
    let mut browser = register_by_website(&service, &ming).await;
    let session = browser.cookie("saoma_session").unwrap().to_owned();
    let device = Device::start(&service).await;
    hong.scan(device.qr()).await.unwrap();
    let merge = async |session: Option<&str>| {
        let url = format!("{}/v1/logins/{}/merge", service.url, device.id);
        let body = json!({"session": session, "dry_run": true});
        let request = crate::contract::client().post(url).bearer_auth(&device.poll_token).json(&body);
        Answer::read(request.send().await.unwrap()).await
    };
    assert_eq!(merge(None).await.problem(), "session_invalid");
    assert_eq!(merge(Some("made-up")).await.problem(), "session_invalid");
    let preview = merge(Some(&session)).await;
    assert_eq!(parts(&preview.json["moves"]), ["identity"], "{}", preview.text);
    let id = browser.session(&service).await.json["account"]["id"].clone();
    assert_ne!(preview.json["account"]["id"], id);
}

#[tokio::test]
async fn what_proves_nothing_merges_nothing() {
    let service = service().await;
    let (ming, hong, new) = (service.person("ming"), service.person("hong"), service.person("new"));
    register(&service, &hong).await;
    let mut browser = register_by_website(&service, &ming).await;
    let (id, _) = browser.start(&service).await;
    let unscanned = post(&service, &mut browser, &format!("/v1/logins/{id}/merge"), json!({})).await;
    assert_eq!((unscanned.status.as_u16(), unscanned.problem()), (409, "login_state"));
    let path = scanned(&service, &mut browser, &new).await;
    assert_eq!(
        post(&service, &mut browser, &path, json!({})).await.problem(),
        "login_state",
        "it has no account"
    );
    let code = code_to(&service, &mut browser, &new).await;
    let body = json!({"phone": new.phone(), "code": code});
    assert_eq!(post(&service, &mut browser, "/v1/session/merge", body).await.problem(), "not_found");

    // A login that another browser has made proves nothing here.
    let foreign = scanned_by_new(&service, &new).await;
    let path = format!("/v1/logins/{}/merge", foreign.id);
    assert_eq!(post(&service, &mut browser, &path, json!({})).await.problem(), "login_unknown");

    let path = scanned(&service, &mut browser, &hong).await;
    for odd in [json!({"dry_run": 1}), json!({"force": true}), json!([])] {
        assert_eq!(post(&service, &mut browser, &path, odd).await.problem(), "body_invalid");
    }
    let mut stranger = Browser::new();
    assert_eq!(post(&service, &mut stranger, &path, json!({})).await.problem(), "login_unknown");
    browser.origin = Some("https://evil.test".to_owned());
    assert_eq!(post(&service, &mut browser, &path, json!({})).await.problem(), "origin_refused");
}
