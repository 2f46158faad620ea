//! `GET /v1/logins/{id}` and its stream: what is told in each state, and for how long one may wait.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::Value;

use super::requests::{fields, get, of, send};
use crate::harness::{
    Browser, Device, PATIENCE, Service, Setup, bind_own_phone, eventually, register, scanned_by_new,
};

#[tokio::test]
async fn a_wait_is_a_whole_number_of_seconds_up_to_60() {
    let service = Setup::default().start().await;
    let device = Device::start(&service).await;
    for wrong in
        ["wait=61", "wait=-1", "wait=abc", "wait=1.5", "wait=", "wait=1&wait=2", "since=-1", "since=x"]
    {
        let answer = send(of(&device, &service, Method::GET, &format!("?{wrong}"))).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "body_invalid"), "{wrong}");
    }
    for fine in ["", "?wait=0", "?since=7", "?wait=60&since=0", "?something=else"] {
        let answer = tokio::time::timeout(PATIENCE, send(of(&device, &service, Method::GET, fine))).await;
        assert_eq!(answer.expect("at once").says(), "loop", "{fine}");
    }
    let device = Device::start(&service).await;
    let over = device.wait(&service, 1, 1).await;
    assert_eq!((over.says(), over.json["version"].as_u64()), ("loop", Some(1)), "time is up");
    let default = async { send(of(&device, &service, Method::GET, "?wait=60")).await };
    let (waited, _) = tokio::join!(default, async {
        service.waiting(1).await;
        device.cancel(&service).await
    });
    assert_eq!(waited.says(), "expired", "without `since` it waits for what is newer than 1");
}

/// Waits until the time is up, and returns how long that was.
#[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
async fn wait_in_vain(device: &Device, service: &Service) -> Duration {
    let began = Instant::now();
    assert_eq!(device.wait(service, 2, 1).await.says(), "loop");
    began.elapsed()
}

#[tokio::test]
async fn waits_that_begin_together_do_not_end_together() {
    let service = Setup::default().start().await;
    let mut devices = Vec::new();
    for _ in 0..12 {
        devices.push(Device::start(&service).await);
    }
    let mut lasted = join_all(devices.iter().map(|device| wait_in_vain(device, &service))).await;
    lasted.sort();
    assert!(lasted[0] >= Duration::from_secs(2), "{lasted:?}");
    // They are spread over 200 ms.
    assert!(lasted[11] - lasted[0] > Duration::from_millis(60), "{lasted:?}");
}

#[tokio::test]
async fn a_client_beyond_the_limit_of_waits_is_answered_at_once() {
    let service = Setup::default().set("limits.waits_per_ip", 1).start().await;
    let (first, second) = (Device::start(&service).await, Device::start(&service).await);
    let (waited, ()) = tokio::join!(first.wait(&service, 60, 1), async {
        service.waiting(1).await;
        let at_once = tokio::time::timeout(PATIENCE, second.wait(&service, 60, 1)).await;
        assert_eq!(at_once.expect("there is no slot left").says(), "loop");
        first.cancel(&service).await;
    });
    assert_eq!(waited.says(), "expired");
}

#[tokio::test]
async fn who_polls_one_login_all_the_time_is_slowed_down() {
    let service = Setup::default().start().await;
    let (device, other) = (Device::start(&service).await, Device::start(&service).await);
    for poll in ["", "?wait=60&since=0"] {
        let mut polls = 0;
        let refused = loop {
            let answer = send(of(&device, &service, Method::GET, poll)).await;
            if answer.status != 200 {
                break answer;
            }
            polls += 1;
            assert!(polls < 1000, "{poll}: nothing slows it down");
        };
        assert_eq!(
            (refused.status.as_u16(), refused.problem(), refused.retry_after()),
            (429, "rate_limited", 1)
        );
        assert!(other.look(&service).await.status == 200, "which is for one login alone");
        eventually("it goes on", async || {
            let answer = send(of(&device, &service, Method::GET, poll)).await;
            (answer.status == 200).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn each_state_tells_what_the_contract_says_and_no_more() {
    let service = Setup::default().start().await;
    let (ming, device) = (service.person("ming"), Device::start(&service).await);
    let is_time =
        |value: &Value, most: u64| assert!((1..=most).contains(&value.as_u64().unwrap()), "{value}");
    let waiting = device.look(&service).await.json;
    assert_eq!(fields(&waiting), "expires_in id scanned state version");
    assert_eq!((waiting["scanned"].as_bool(), waiting["version"].as_u64()), (Some(false), Some(1)));
    is_time(&waiting["expires_in"], 120);

    ming.scan(device.qr()).await.unwrap();
    let new = device.look(&service).await.json;
    assert_eq!(fields(&new), "expires_in id state version");
    is_time(&new["expires_in"], 600);

    let known = bind_own_phone(&service, &device, &ming).await;
    let again = device.look(&service).await;
    assert_eq!(known.json["session"]["token"], again.json["session"]["token"]);
    let known = known.json;
    assert_eq!(fields(&known), "account id session state version");
    assert_eq!(fields(&known["account"]), "id phone");
    assert_eq!(fields(&known["session"]), "expires_at expires_in token");
    assert_eq!(known["version"], 3);
    let phone = ming.phone().trim_start_matches("+86");
    assert_eq!(known["account"]["phone"], format!("{}****{}", &phone[..3], &phone[7..]));
    is_time(&known["session"]["expires_in"], 1800);

    let cancelled = Device::start(&service).await;
    cancelled.cancel(&service).await;
    let over = cancelled.look(&service).await.json;
    assert_eq!(fields(&over), "id reason state version");
    assert!(over["version"].as_u64().unwrap() > 1);
}

#[tokio::test]
async fn a_browsers_session_is_only_in_its_cookie() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let mut browser = Browser::new();
    let (id, qr) = browser.start(&service).await;
    let mut stream = browser.events(&service, &id).await;
    assert_eq!(stream.next().await.unwrap().says(), "loop");
    ming.scan(&qr).await.unwrap();
    let event = stream.next().await.unwrap();
    assert_eq!(
        (event.id, event.says(), fields(&event.json).as_str()),
        (2, "registered", "account id state version")
    );
    assert!(stream.next().await.is_none(), "that was the last one");

    let answer = browser.call(&service, Method::GET, &format!("/v1/logins/{id}"), None).await;
    assert_eq!(fields(&answer.json["session"]), "expires_at expires_in");
    let (_, token, _) = browser.cookies.iter().find(|(name, _, _)| name == "saoma_session").unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    assert!(!answer.text.contains(token.as_str()));
    assert_eq!(browser.call(&service, Method::GET, "/v1/session", None).await.status, 200);
}

#[tokio::test]
async fn a_stream_goes_on_after_the_event_that_was_seen_last() {
    let service = Setup::default().start().await;
    let device = scanned_by_new(&service, &service.person("ming")).await;
    let mut all = device.events(&service, None).await;
    let first = all.next().await.unwrap();
    assert_eq!((first.id, first.says()), (2, "unregistered"), "the current state comes first");
    let mut rest = device.events(&service, Some(2)).await;
    device.cancel(&service).await;
    for stream in [&mut all, &mut rest] {
        let last = stream.next().await.unwrap();
        assert_eq!((last.id, last.says()), (3, "expired"));
        assert!(stream.next().await.is_none(), "it ends after a final state");
    }
    let mut late = device.events(&service, Some(3)).await;
    assert_eq!(late.next().await.unwrap().says(), "expired");
    let answer = get(&service, &format!("/v1/logins/{}/events", device.id)).await;
    assert_eq!(answer.problem(), "login_unknown");
}
