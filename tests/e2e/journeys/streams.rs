//! Logins as server-sent events.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Browser, Device, PATIENCE, Setup, bind_own_phone};

#[tokio::test]
async fn a_device_is_told_every_state_in_order_and_handed_its_session() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    let mut stream = device.events(&service, None).await;
    let first = stream.next().await.unwrap();
    assert_eq!((first.id, first.says()), (1, "loop"));
    assert_eq!(first.json["scanned"], false);

    ming.scan(device.qr()).await.unwrap();
    let second = stream.next().await.unwrap();
    assert_eq!((second.id, second.says()), (2, "unregistered"));

    let bound = bind_own_phone(&service, &device, &ming).await;
    let third = stream.next().await.unwrap();
    assert_eq!((third.id, third.says()), (3, "registered"));
    assert_eq!(third.json["session"]["token"], bound.token());
    assert_eq!(third.json["account"], bound.json["account"]);
    assert!(stream.next().await.is_none(), "the stream ends after a final state");
}

#[tokio::test]
async fn a_browser_is_told_every_state_and_fetches_its_session_by_a_cookie() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let mut browser = Browser::new();
    let (id, qr) = browser.start(&service).await;
    let mut stream = browser.events(&service, &id).await;
    assert_eq!(stream.next().await.unwrap().says(), "loop");
    ming.scan(&qr).await.unwrap();
    assert_eq!(stream.next().await.unwrap().says(), "unregistered");

    let login = format!("/v1/logins/{id}");
    let phone = json!({"phone": ming.phone()});
    let asked = browser.call(&service, Method::POST, &format!("{login}/sms-codes"), Some(phone)).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    let code = ming.next_sms(0, PATIENCE).await.expect("the code arrives").code;
    // The binding is made in another tab, so that only the stream tells this one of it.
    let proof = json!({"phone": ming.phone(), "code": code});
    let bound = browser.clone().call(&service, Method::POST, &format!("{login}/phone"), Some(proof)).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);

    let last = stream.next().await.unwrap();
    assert_eq!((last.id, last.says()), (3, "registered"));
    assert!(last.json.get("session").is_none(), "{}", last.json);
    assert_eq!(last.json["account"], bound.json["account"]);
    assert!(stream.next().await.is_none(), "the stream ends after a final state");

    assert_eq!(browser.call(&service, Method::GET, "/v1/session", None).await.status, 401);
    assert_eq!(browser.call(&service, Method::GET, &login, None).await.says(), "registered");
    assert_eq!(browser.call(&service, Method::GET, "/v1/session", None).await.status, 200);
}

#[tokio::test]
async fn a_stream_tells_of_the_end_of_time() {
    let service = Setup::default().set("login.qr_ttl_s", 3).start().await;
    let device = Device::start(&service).await;
    let mut stream = device.events(&service, None).await;
    assert_eq!(stream.next().await.unwrap().says(), "loop");
    let last = stream.next().await.unwrap();
    assert_eq!((last.id, last.says(), &last.json["reason"]), (2, "expired", &"timeout".into()));
    assert!(stream.next().await.is_none());
}
