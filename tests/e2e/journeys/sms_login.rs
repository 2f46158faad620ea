//! Login by an SMS code alone (`login.sms`), for a phone's own browser.

use serde_json::json;

use crate::harness::{Device, PATIENCE, Service, Setup, code_for, register};

async fn begin(service: &Service) -> Device {
    let started = Device::ask(service, json!({"channel": "sms"})).await;
    assert_eq!(started.says(), "unregistered", "{}", started.text);
    assert!(started.json["app"].is_null() && started.json["qr"].is_null(), "{}", started.text);
    Device::started(&started)
}

#[tokio::test]
async fn it_is_off_unless_it_is_wanted() {
    let service = Setup::default().start().await;
    let refused = Device::ask(&service, json!({"channel": "sms"})).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (422, "app_unknown"));
}

#[tokio::test]
async fn a_new_number_makes_an_account_that_a_scan_finds_later() {
    let setup = Setup::default().set("login.sms", "on").set("limits.sms_per_phone_gap_s", 0);
    let service = setup.start().await;
    let page = crate::contract::get(&service, "/v1/page").await.json;
    assert_eq!(page["login"]["sms"], "on");
    assert_eq!(page["channels"].as_array().unwrap().last().unwrap(), &json!({"channel": "sms"}));
    let ming = service.person("ming");
    let device = begin(&service).await;
    assert_eq!(device.look(&service).await.says(), "unregistered");
    let code = code_for(&service, &device, &ming).await;
    let bound = device.bind(&service, ming.phone(), &code).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    let session = device.session(&service, bound.token()).await;
    assert_eq!(session.json["amr"], json!(["sms"]));
    assert_eq!(session.json["account"]["identities"], json!([]));
    let (by_scan, token) = register(&service, &ming).await;
    let same = by_scan.session(&service, &token).await.json;
    assert_eq!(same["account"]["id"], session.json["account"]["id"], "the number leads to one account");
    assert_eq!(same["amr"], json!(["wechat_qr", "sms"]));
}

#[tokio::test]
async fn a_number_without_an_account_is_answered_alike_and_gets_nothing() {
    let setup = Setup::default().set("login.sms", "existing").set("limits.sms_per_phone_gap_s", 0);
    let service = setup.start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    register(&service, &ming).await;
    let last = ming.sms().last().unwrap().id;
    let mut answers = Vec::new();
    for person in [&hong, &ming] {
        let device = begin(&service).await;
        let sent = device.send_code(&service, person.phone()).await;
        let wrong = device.bind(&service, person.phone(), "x").await;
        answers.push((
            sent.status,
            sent.text,
            wrong.status,
            wrong.json["code"].clone(),
            wrong.json["attempts_left"].clone(),
        ));
    }
    assert_eq!(answers[0], answers[1]);
    ming.next_sms(last, PATIENCE).await.expect("who has an account gets the code");
    assert!(hong.sms().is_empty(), "a stranger does not");
}

#[tokio::test]
async fn who_came_by_a_number_alone_has_to_scan_to_change_the_ways_in() {
    let setup = Setup::default().set("login.sms", "existing").set("limits.sms_per_phone_gap_s", 0);
    let service = setup.start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let device = begin(&service).await;
    let code = code_for(&service, &device, &ming).await;
    let token = device.bind(&service, ming.phone(), &code).await.token().to_owned();
    let session = device.session(&service, &token).await;
    let identity = session.json["account"]["identities"][0]["id"].as_str().unwrap().to_owned();
    let call = |method: reqwest::Method, path: String, body: serde_json::Value| {
        let request = crate::contract::client().request(method, format!("{}{path}", service.url));
        let request = request.bearer_auth(&token).json(&body);
        async move { crate::harness::Answer::read(request.send().await.unwrap()).await }
    };
    for (method, path, body) in [
        (reqwest::Method::DELETE, format!("/v1/session/identities/{identity}"), json!({})),
        (reqwest::Method::POST, "/v1/session/sms-codes".to_owned(), json!({"phone": "13900139000"})),
        (reqwest::Method::POST, "/v1/session/identities".to_owned(), json!({"channel": "official_account"})),
        (reqwest::Method::DELETE, "/v1/account".to_owned(), json!({})),
    ] {
        let refused = call(method.clone(), path.clone(), body).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "scan_required"), "{method} {path}");
    }
}
