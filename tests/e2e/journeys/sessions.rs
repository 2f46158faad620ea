//! Sessions: looked at, listed, ended.

use reqwest::Method;
use serde_json::Value;

use crate::harness::{Device, Service, Setup, eventually, log_in, register};

async fn list(service: &Service, device: &Device, token: &str) -> Vec<Value> {
    let listed = device.with_session(service, Method::GET, "/v1/sessions", token).await;
    assert_eq!(listed.status, 200, "{}", listed.text);
    listed.json["sessions"].as_array().unwrap().clone()
}

async fn is_good(service: &Service, device: &Device, token: &str) -> bool {
    let answer = device.session(service, token).await;
    let good = answer.status == 200;
    assert!(good || (answer.status == 401 && answer.problem() == "session_invalid"), "{}", answer.text);
    good
}

#[tokio::test]
async fn a_device_logs_out_and_may_do_so_twice() {
    let service = Setup::default().start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    assert!(is_good(&service, &device, &token).await);
    for _ in 0..2 {
        assert_eq!(device.log_out(&service, &token).await.status, 204);
        assert!(!is_good(&service, &device, &token).await);
    }
}

#[tokio::test]
async fn the_sessions_of_an_account_are_listed_and_no_others() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    register(&service, &service.person("hong")).await;
    register(&service, &ming).await;
    let (device, token) = log_in(&service, &ming).await;

    let sessions = list(&service, &device, &token).await;
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0]["current"], true, "the newest comes first");
    assert_eq!(sessions[1]["current"], false);
    for session in sessions {
        assert_eq!(session["user_agent"], "living-room-tv/1.0");
        assert_eq!(session["ip"], "127.0.0.1");
        assert!(session["created_at"].is_string() && session["last_seen_at"].is_string());
    }
}

#[tokio::test]
async fn one_session_of_ones_own_can_be_ended_but_no_other() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (foreign, foreign_token) = register(&service, &service.person("hong")).await;
    let foreign_id = list(&service, &foreign, &foreign_token).await[0]["id"].clone();
    let (first, first_token) = register(&service, &ming).await;
    let first_id = list(&service, &first, &first_token).await[0]["id"].clone();
    let (device, token) = log_in(&service, &ming).await;

    let end = async |id: &Value| {
        let path = format!("/v1/sessions/{}", id.as_str().unwrap());
        device.with_session(&service, Method::DELETE, &path, &token).await
    };
    let refused = end(&foreign_id).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not_found"));
    assert_eq!(end(&first_id).await.status, 204);
    assert!(is_good(&service, &foreign, &foreign_token).await, "not theirs to end");
    assert!(!is_good(&service, &first, &first_token).await);
    assert_eq!(list(&service, &device, &token).await.len(), 1);
}

#[tokio::test]
async fn all_sessions_of_an_account_can_be_ended_at_once() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (foreign, foreign_token) = register(&service, &service.person("hong")).await;
    let (first, first_token) = register(&service, &ming).await;
    let (second, second_token) = log_in(&service, &ming).await;

    let ended = second.with_session(&service, Method::DELETE, "/v1/sessions", &second_token).await;
    assert_eq!(ended.status, 204, "{}", ended.text);
    assert!(!is_good(&service, &first, &first_token).await);
    assert!(!is_good(&service, &second, &second_token).await, "one's own is one of them");
    assert!(is_good(&service, &foreign, &foreign_token).await);
    log_in(&service, &ming).await;
}

#[tokio::test]
async fn a_session_ends_by_its_age() {
    let setup = Setup::default().set("session.idle_s", 1).set("session.absolute_s", 1);
    let service = setup.start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    eventually("the session ends", async || (!is_good(&service, &device, &token).await).then_some(())).await;
}
