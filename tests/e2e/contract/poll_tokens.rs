//! Only the client that shows its poll token learns of a login: any other call gets one and the same answer.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::requests::{request, send, without_request_id};
use crate::harness::{Device, Service, Setup};

/// Every call about a login.
fn calls(service: &Service, id: &str) -> Vec<RequestBuilder> {
    let call = |method, below: &str| request(service, method, &format!("/v1/logins/{id}{below}"));
    let phone = json!({"phone": "13800138000"});
    let code = json!({"phone": "13800138000", "code": "123456"});
    vec![
        call(Method::GET, ""),
        call(Method::GET, "?wait=1&since=0"),
        call(Method::GET, "/events"),
        call(Method::POST, "/sms-codes").json(&phone),
        call(Method::POST, "/phone").json(&code),
        call(Method::DELETE, ""),
    ]
}

/// Makes every call with a secret and collects what is answered, which has to be one thing.
async fn answered(
    service: &Service,
    id: &str,
    show: impl Fn(RequestBuilder) -> RequestBuilder,
    what: &str,
) -> Value {
    let mut answers = Vec::new();
    for call in calls(service, id) {
        let answer = send(show(call)).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (404, "login_unknown"), "{what}");
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        answers.push(json!([without_request_id(&answer), names]));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{what}: {answers:?}");
    answers.remove(0)
}

#[tokio::test]
async fn foreign_malformed_and_missing_ids_and_tokens_look_alike() {
    let service = Setup::default().start().await;
    let elsewhere = Setup::default().set("server.key", "a5".repeat(32)).start().await;
    let (own, other, foreign) =
        (Device::start(&service).await, Device::start(&service).await, Device::start(&elsewhere).await);
    let token = own.poll_token.as_str();
    let reference = answered(&service, &own.id, |call| call, "no token").await;

    let (short, long) = (&token[1..], format!("{token}A"));
    for wrong in ["", "x", short, &long, &other.poll_token, &foreign.poll_token, &"A".repeat(43), &own.id] {
        let what = format!("the token {wrong:?}");
        assert_eq!(answered(&service, &own.id, |call| call.bearer_auth(wrong), &what).await, reference);
        let cookie = |call: RequestBuilder| {
            call.header("Cookie", format!("saoma_login={wrong}"))
                .header("Origin", "http://login.example.test")
        };
        assert_eq!(answered(&service, &own.id, cookie, &format!("{what} as a cookie")).await, reference);
    }
    let basic = |call: RequestBuilder| call.header("Authorization", format!("Basic {token}"));
    assert_eq!(answered(&service, &own.id, basic, "another scheme").await, reference);
    let renamed = |call: RequestBuilder| call.header("Cookie", format!("saoma_session={token}"));
    assert_eq!(answered(&service, &own.id, renamed, "another cookie").await, reference);

    let altered: String = own.id.chars().rev().collect();
    let (cut, grown, nobodys) = (&own.id[1..], format!("{}A", own.id), "A".repeat(32));
    let long = "x".repeat(2000);
    for id in ["x", &altered, cut, &grown, &nobodys, &foreign.id, "%FF", "%00", "%0A", "a%2Fb", &long] {
        for token in [token, &foreign.poll_token] {
            let what = format!("the id {id}");
            assert_eq!(answered(&service, id, |call| call.bearer_auth(token), &what).await, reference);
        }
    }
    assert_eq!(own.look(&service).await.says(), "loop", "nothing of it has done anything");
    assert_eq!(other.look(&service).await.json["version"], 1);
}

#[tokio::test]
async fn what_is_in_the_code_alone_opens_nothing() {
    let service = Setup::default().start().await;
    let (ming, device) = (service.person("ming"), Device::start(&service).await);
    ming.scan(device.qr()).await.unwrap();
    for token in [&device.id, &format!("login:web:{}", device.id), device.qr()] {
        answered(&service, &device.id, |call| call.bearer_auth(token), token).await;
    }
    assert_eq!(device.look(&service).await.json["version"], 2, "it still waits for its own browser");
}

#[tokio::test]
async fn a_login_that_is_over_is_expired_and_nothing_can_be_done_with_it() {
    let service = Setup::default().start().await;
    let device = Device::start(&service).await;
    assert_eq!(device.cancel(&service).await.status, 204);
    let over = device.look(&service).await;
    assert_eq!((over.says(), over.json["reason"].as_str()), ("expired", Some("cancelled")));
    assert_eq!(device.cancel(&service).await.status, 204, "twice is fine");
    assert_eq!(device.send_code(&service, "13800138000").await.problem(), "login_state");
    let bound = device.bind(&service, "13800138000", "123456").await;
    assert_eq!((bound.status.as_u16(), bound.problem()), (409, "login_state"));
    let ming = service.person("ming");
    ming.scan(device.qr()).await.unwrap();
    assert_eq!(device.look(&service).await.text, over.text, "a scan comes too late");
}
