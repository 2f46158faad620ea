//! `POST /v1/session/identities`: another way into one's own account.

use reqwest::Method;
use saoma_sandbox::OfficialAccount;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Browser, Device, Service, Setup, open_mini_program, register, register_by_mini_program,
    register_by_website,
};

/// A service whose apps know nothing of each other, so that only what is asked for is linked.
async fn service() -> Service {
    Setup::every_channel()
        .set("login.link_by_unionid", false)
        .set("limits.sms_per_phone_gap_s", 0)
        .start()
        .await
}

async fn add(service: &Service, browser: &mut Browser, body: Value) -> Answer {
    browser.call(service, Method::POST, "/v1/session/identities", Some(body)).await
}

#[tokio::test]
async fn a_website_is_added_by_going_to_wechat_and_back() {
    let service = service().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let mut browser = Browser::new();
    browser.cookies.push(("saoma_session".to_owned(), token.clone(), "/".to_owned()));
    let started = add(&service, &mut browser, json!({"channel": "website", "return_to": "/mine"})).await;
    assert_eq!((started.status.as_u16(), started.says()), (201, "loop"), "{}", started.text);
    let back = ming.allow(started.json["authorize_url"].as_str().unwrap()).unwrap();
    assert_eq!(browser.visit(&service, back.as_str()).await.location(), "/mine");
    assert_eq!(browser.session(&service).await.apps(), ["main", "site"]);
    assert_eq!(device.session(&service, &token).await.apps(), ["main", "site"]);
    assert_eq!(ming.sms().len(), 1, "no code was needed");
}

#[tokio::test]
async fn an_official_account_is_added_by_a_scan() {
    let service = service().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    let started = add(&service, &mut browser, json!({"channel": "official_account"})).await;
    let path = format!("/v1/logins/{}", started.json["id"].as_str().unwrap());
    let scanned = ming.scan(started.json["qr"]["content"].as_str().unwrap()).await.unwrap();
    assert!(scanned.reply().is_some());
    assert_eq!(browser.call(&service, Method::GET, &path, None).await.says(), "registered");
    assert_eq!(browser.session(&service).await.apps(), ["site", "main"]);
}

#[tokio::test]
async fn a_mini_program_is_added_by_its_code() {
    let service = service().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    let account = browser.session(&service).await.json["account"]["id"].clone();
    let body = json!({"channel": "mini_program", "code": ming.wx_login("mini").unwrap()});
    let added = add(&service, &mut browser, body).await;
    assert_eq!((added.status.as_u16(), added.says()), (201, "registered"), "{}", added.text);
    assert_eq!(added.json["account"]["id"], account);
    assert_eq!(browser.session(&service).await.apps(), ["site", "mini"]);
    assert_eq!(open_mini_program(&service, &ming).await.json["account"]["id"], account);
}

#[tokio::test]
async fn what_is_added_already_stays_added() {
    let service = service().await;
    let ming = service.person("ming");
    let mut browser = register_by_website(&service, &ming).await;
    let started = add(&service, &mut browser, json!({"channel": "website", "return_to": "/mine"})).await;
    let back = ming.allow(started.json["authorize_url"].as_str().unwrap()).unwrap();
    assert_eq!(browser.visit(&service, back.as_str()).await.location(), "/mine");
    assert_eq!(browser.session(&service).await.apps(), ["site"]);
}

#[tokio::test]
async fn an_identity_of_another_account_is_not_taken_away() {
    let service = service().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (hongs, token) = register(&service, &hong).await;
    let theirs = hongs.session(&service, &token).await;
    let mut browser = register_by_website(&service, &ming).await;
    let own = browser.session(&service).await;

    let started = add(&service, &mut browser, json!({"channel": "official_account"})).await;
    let path = format!("/v1/logins/{}", started.json["id"].as_str().unwrap());
    let scanned = hong.scan(started.json["qr"]["content"].as_str().unwrap()).await.unwrap();
    assert!(scanned.reply().is_some_and(|reply| reply.contains("login.example.test")), "the phone is told");
    let refused = browser.call(&service, Method::GET, &path, None).await;
    assert_eq!((refused.says(), &refused.json["reason"]), ("expired", &"denied".into()));
    assert_eq!(browser.session(&service).await.apps(), own.apps());
    assert_eq!(hongs.session(&service, &token).await.json["account"], theirs.json["account"]);
}

#[tokio::test]
async fn a_second_user_of_one_app_is_not_added_to_an_account() {
    let service = service().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let mut browser = register_by_website(&service, &ming).await;
    let started = add(&service, &mut browser, json!({"channel": "website"})).await;
    let back = hong.allow(started.json["authorize_url"].as_str().unwrap()).unwrap();
    assert_eq!(browser.visit(&service, back.as_str()).await.location(), "/login?error=denied");
    assert_eq!(browser.session(&service).await.apps(), ["site"]);

    let (device, token) = register_by_mini_program(&service, &ming).await;
    let body = json!({"channel": "mini_program", "client": "device", "code": hong.wx_login("mini").unwrap()});
    let request = reqwest::Client::new().post(format!("{}/v1/session/identities", service.url));
    let refused = Answer::read(request.bearer_auth(&token).json(&body).send().await.unwrap()).await;
    assert_eq!((refused.status.as_u16(), refused.says()), (201, "expired"), "{}", refused.text);
    assert_eq!(refused.json["reason"], "denied");
    assert_eq!(device.session(&service, &token).await.json["account"]["identities"][1]["app"], "mini");
}

#[tokio::test]
async fn a_new_person_who_answers_for_another_is_linked_to_that_account_only() {
    let service = service().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let mut browser = register_by_website(&service, &ming).await;
    let account = browser.session(&service).await.json["account"]["id"].clone();
    let started = add(&service, &mut browser, json!({"channel": "official_account"})).await;
    hong.scan(started.json["qr"]["content"].as_str().unwrap()).await.unwrap();
    let device = Device::start(&service).await;
    hong.scan(device.qr()).await.unwrap();
    assert_eq!(device.look(&service).await.json["account"]["id"], account, "the owner asked for it");
}

#[tokio::test]
async fn only_who_is_logged_in_adds_and_only_from_a_page_of_the_site() {
    let service = service().await;
    let body = json!({"channel": "website"});
    let mut stranger = Browser::new();
    let answer = add(&service, &mut stranger, body.clone()).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (401, "session_invalid"));
    let mut browser = register_by_website(&service, &service.person("ming")).await;
    for origin in [None, Some("https://evil.test".to_owned())] {
        browser.origin = origin;
        let answer = add(&service, &mut browser, body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "origin_refused"));
    }
}

#[tokio::test]
async fn of_two_official_accounts_the_named_one_is_added() {
    let shop = OfficialAccount {
        name: "shop".to_owned(),
        app_id: "wx7d1e5f2a9b3c4068".to_owned(),
        original_id: "gh_8c2d4e6f1a3b".to_owned(),
        ..OfficialAccount::demo()
    };
    let service = Setup::default().also(shop).set("login.link_by_unionid", false).start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let body = json!({"channel": "official_account", "client": "device", "app": "shop"});
    let request = reqwest::Client::new().post(format!("{}/v1/session/identities", service.url));
    let started = Answer::read(request.bearer_auth(&token).json(&body).send().await.unwrap()).await;
    let adding = Device::started(&started);
    ming.scan(adding.qr()).await.unwrap();
    assert_eq!(adding.look(&service).await.says(), "registered");
    assert_eq!(device.session(&service, &token).await.apps(), ["main", "shop"]);
}
