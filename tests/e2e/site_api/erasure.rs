//! Erasing a person, and what is theirs to see and to write.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use super::support::{call, with_root};
use crate::harness::{Service, Setup, register, scanned_by_new};

/// Returns a dump of the service's database, and its log.
async fn everything_kept(service: &Service) -> String {
    let dump = "import sqlite3, sys\nfor line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)";
    let database = service.files().join("saoma.db");
    let output = Command::new("python3").args(["-c", dump]).arg(database).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), service.log())
}

#[tokio::test]
async fn nothing_says_any_more_who_it_was() {
    let service = with_root(Setup::every_channel()).start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let session = device.session(&service, &token).await;
    let path = format!("/v1/admin/accounts/{}", session.json["account"]["id"].as_str().unwrap());
    let change = json!({"external_id": "customer-number-17", "attributes": {"secret": "attribute-of-ming"}});
    call(&service, Method::PATCH, &path, Some(change)).await;
    let account = call(&service, Method::GET, &path, None).await.json;
    let identity = &account["identities"][0];
    let data = [
        account["phone"].as_str().unwrap().trim_start_matches("+86"),
        identity["openid"].as_str().unwrap(),
        "customer-number-17",
        "attribute-of-ming",
        "living-room-tv",
    ];
    let before = everything_kept(&service).await;
    for datum in data {
        assert!(before.contains(datum), "the test would notice {datum}");
    }
    assert_eq!(call(&service, Method::DELETE, &path, None).await.status, 204);
    for (method, path) in
        [(Method::GET, path.clone()), (Method::DELETE, path.clone()), (Method::GET, format!("{path}/export"))]
    {
        assert_eq!(call(&service, method, &path, None).await.status, 404, "{path}");
    }
    assert_eq!(device.session(&service, &token).await.status, 401, "the session is over at once");
    let after = everything_kept(&service).await;
    for datum in data {
        assert!(!after.contains(datum), "{datum} is still there");
    }
    assert!(after.contains("account_erased"), "the trail keeps that it happened");
    scanned_by_new(&service, &ming).await;
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
