//! Erasing a person, and what is theirs to see and to write.

use reqwest::Method;
use saoma_sandbox::Person;
use serde_json::{Value, json};
use tokio::process::Command;

use super::support::{call, with_root};
use crate::harness::{
    Answer, Browser, Device, Service, Setup, come_back, eventually, register, scanned_by_new,
};

/// Returns a dump of the service's database, and its log.
async fn everything_kept(service: &Service) -> String {
    let dump = "import sqlite3, sys\nfor line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)";
    let database = service.files().join("saoma.db");
    let output = Command::new("python3").args(["-c", dump]).arg(database).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), service.log())
}

/// What Redis holds, with the names of its keys.
#[cfg(beside_servers)]
fn all_of(redis: &saoma_servers::RedisServer) -> String {
    let keys = redis.ask(&["KEYS", "*"]).unwrap();
    keys.lines().map(|key| format!("{key}\n{}\n", redis.ask(&["GET", key]).unwrap())).collect()
}

/// A service that writes down all that it can be told to.
fn keeping_all() -> Setup {
    let setup = with_root(Setup::every_channel()).set("journal.keep_text", true);
    setup.set("limits.sms_per_phone_gap_s", 0).set("server.trusted_proxies", "127.0.0.0/8")
}

/// Has a person leave traces wherever the service keeps some; returns their account's path, the logins by which they came, and every
/// datum that says who they are.
async fn leave_traces(service: &Service, zhang: &Person) -> (String, Vec<String>, Vec<String>) {
    let (device, token) = register(service, zhang).await;
    let session = device.session(service, &token).await;
    let path = format!("/v1/admin/accounts/{}", session.json["account"]["id"].as_str().unwrap());
    let change = json!({"external_id": "customer-number-17", "attributes": {"secret": "attribute-of-zhang"}});
    call(service, Method::PATCH, &path, Some(change)).await;
    let shown = json!({"nickname": "chosen-name", "avatar_url": "https://pictures.example/zhang.png"});
    let url = format!("{}/v1/session/profile", service.url);
    let client = crate::contract::client();
    client.patch(url).bearer_auth(&token).json(&shown).send().await.unwrap();
    zhang.send_text("main", "private words of zhang").await.unwrap();
    let mut browser = Browser::new();
    come_back(service, &mut browser, zhang, "channel=website").await;

    // A login from an address of its own.
    let start = client.post(format!("{}/v1/logins", service.url)).header("X-Forwarded-For", "203.0.113.77");
    let body = json!({"channel": "official_account", "client": "device"});
    let started = Device::started(&Answer::read(start.json(&body).send().await.unwrap()).await);
    zhang.scan(started.qr()).await.unwrap();
    let look = client.get(format!("{}/v1/logins/{}", service.url, started.id));
    let look = look.bearer_auth(&started.poll_token).header("X-Forwarded-For", "203.0.113.77");
    assert_eq!(Answer::read(look.send().await.unwrap()).await.says(), "registered");
    eventually("what WeChat tells is kept", async || {
        let account = call(service, Method::GET, &path, None).await.json;
        account["identities"][0]["scene"].as_str().map(drop)
    })
    .await;

    let account = call(service, Method::GET, &path, None).await.json;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut data: Vec<String> = [
        text(&account["phone"]).trim_start_matches("+86"),
        "customer-number-17",
        "attribute-of-zhang",
        "chosen-name",
        "pictures.example",
        "private words of zhang",
        "living-room-tv",
        "203.0.113.77",
    ]
    .map(str::to_owned)
    .to_vec();
    for identity in account["identities"].as_array().unwrap() {
        data.extend([text(&identity["openid"]), text(&identity["unionid"])]);
    }
    let of_site = account["identities"].as_array().unwrap().iter().find(|identity| identity["app"] == "site");
    data.extend(of_site.map(|identity| text(&identity["avatar_url"])));
    (path, vec![device.id, started.id], data)
}

/// Erases a person, and checks that no datum of theirs is left in what is dumped.
async fn nothing_says_any_more_who_it_was(service: &Service, dump_more: impl Fn() -> String) {
    let zhang = service.person("zhang");
    let (path, logins, data) = leave_traces(service, &zhang).await;
    let before = everything_kept(service).await;
    for datum in &data {
        assert!(before.contains(datum), "the test would notice {datum}");
    }
    assert_eq!(call(service, Method::DELETE, &path, None).await.status, 204);
    for (method, path) in
        [(Method::GET, path.clone()), (Method::DELETE, path.clone()), (Method::GET, format!("{path}/export"))]
    {
        assert_eq!(call(service, method, &path, None).await.status, 404, "{path}");
    }
    let after = everything_kept(service).await + &dump_more();
    for datum in &data {
        let line = after.lines().find(|line| line.contains(datum));
        assert_eq!(line, None, "{datum} is still there");
    }
    let cached = dump_more();
    for login in &logins {
        // Its SMS code is a keyed digest, says nothing of a person, and goes by itself within minutes.
        let is_cached = cached.lines().any(|line| line.contains(login) && !line.ends_with(":sms_code"));
        assert!(!is_cached, "{login} is cached: {cached}");
    }
    assert!(after.contains("account_erased"), "the trail keeps that it happened");
    scanned_by_new(service, &zhang).await;
}

#[tokio::test]
async fn nothing_in_database_and_log_says_any_more_who_it_was() {
    let service = keeping_all().start().await;
    nothing_says_any_more_who_it_was(&service, String::new).await;
}

#[cfg(beside_servers)]
#[tokio::test]
async fn nothing_in_redis_says_any_more_who_it_was() {
    let redis = saoma_servers::RedisServer::start(&[]).unwrap();
    let service = keeping_all().set("store.url", redis.url()).start().await;
    nothing_says_any_more_who_it_was(&service, || all_of(&redis)).await;
}

#[tokio::test]
async fn the_session_of_an_erased_person_is_over_at_once() {
    let service = with_root(Setup::default()).start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let account = device.session(&service, &token).await.json["account"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/accounts/{account}");
    assert_eq!(call(&service, Method::DELETE, &path, None).await.status, 204);
    assert_eq!(device.session(&service, &token).await.status, 401);
}

#[tokio::test]
async fn a_person_sees_all_that_is_kept_and_erases_it() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let export = device.with_session(&service, Method::GET, "/v1/account/export", &token).await;
    assert_eq!(export.status, 200, "{}", export.text);
    assert!(export.json["account"]["phone"].as_str().unwrap().ends_with(ming.phone()));
    assert_eq!(export.json["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(export.json["trail"][0]["kind"], "account_created");
    assert_eq!(device.with_session(&service, Method::GET, "/v1/account/export", "x").await.status, 401);
    let erased = device.with_session(&service, Method::DELETE, "/v1/account", &token).await;
    assert_eq!(erased.status, 204, "{}", erased.text);
    assert_eq!(device.session(&service, &token).await.status, 401);
    assert_eq!(device.with_session(&service, Method::DELETE, "/v1/account", &token).await.status, 401);
}

#[tokio::test]
async fn a_person_says_what_they_show() {
    let service = Setup::default().start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let patch = async |body: Value| {
        let url = format!("{}/v1/session/profile", service.url);
        let request = crate::contract::client().patch(url).bearer_auth(&token).json(&body);
        crate::harness::Answer::read(request.send().await.unwrap()).await
    };
    let shown = json!({"nickname": "小明", "avatar_url": "https://pictures.example/ming.png"});
    let answer = patch(shown.clone()).await;
    assert_eq!((answer.status.as_u16(), &answer.json), (200, &shown));
    let session = device.session(&service, &token).await;
    assert_eq!(session.json["account"]["nickname"], "小明");
    assert_eq!(session.json["account"]["avatar_url"], shown["avatar_url"]);
    assert_eq!(
        patch(json!({"avatar_url": null})).await.json,
        json!({"nickname": "小明", "avatar_url": null})
    );
    for wrong in [
        json!({"nickname": ""}),
        json!({"nickname": "x".repeat(65)}),
        json!({"avatar_url": "javascript:x"}),
        json!({"phone": "1"}),
    ] {
        assert_eq!(patch(wrong.clone()).await.status, 422, "{wrong}");
    }
}
