//! What others hear of: webhooks, in order and at least once; and the gate, which has its say.

mod gate;
mod receiver;
mod site_calls;
mod status;
mod trails;

use std::{collections::BTreeMap, time::Duration};

use crate::harness::{Answer, Device, Service, Setup, eventually, log_in, register};
use receiver::{Heard, Receiver, SECRET, Script};

fn with_webhooks(receivers: &[&Receiver]) -> Setup {
    receivers.iter().enumerate().fold(Setup::default(), |setup, (at, receiver)| {
        setup.set(&format!("webhooks.{at}.url"), &receiver.url).set(&format!("webhooks.{at}.secret"), SECRET)
    })
}

/// Waits until a receiver has taken so many events, and returns them.
async fn taken(receiver: &Receiver, many: usize) -> Vec<Heard> {
    eventually("it takes all", async || (receiver.taken().len() >= many).then_some(())).await;
    receiver.taken()
}

#[tokio::test]
async fn a_webhook_hears_of_a_new_member_in_order_and_of_no_more_than_ids() {
    let receiver = Receiver::start();
    let service = with_webhooks(&[&receiver]).start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let session = device.session(&service, &token).await;
    let heard = taken(&receiver, 3).await;
    assert_eq!(receiver.kinds(), ["account.created", "identity.linked", "session.created"]);
    let account = session.json["account"]["id"].as_str().unwrap();
    assert!(heard.iter().all(|heard| heard.account() == account));
    assert_eq!(heard[1].body["data"]["identity"]["app"], "main");
    assert!(heard[2].body["data"]["session"]["id"].is_string());
    assert!(heard[0].body["timestamp"].as_str().unwrap().ends_with('Z'));
    let all: String = heard.iter().map(|heard| heard.body.to_string()).collect();
    assert!(!all.contains(ming.phone()) && !all.contains("openid"), "{all}");
}

#[tokio::test]
async fn a_webhook_is_told_of_persons_what_its_configuration_allows() {
    let receiver = Receiver::start();
    let setup = with_webhooks(&[&receiver])
        .set("webhooks.0.events", "account.*, identity.linked")
        .set("webhooks.0.data_fields", "phone, openid, unionid");
    let service = setup.start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let heard = taken(&receiver, 2).await;
    assert_eq!(receiver.kinds(), ["account.created", "identity.linked"]);
    assert_eq!(heard[0].body["data"]["account"]["phone"], ming.phone());
    assert!(heard[1].body["data"]["identity"]["openid"].is_string(), "{:?}", heard[1]);
}

#[tokio::test]
async fn a_receiver_that_fails_hears_everything_later_in_order() {
    let receiver = Receiver::start();
    // A redirect is not followed: it would be called once more.
    receiver.script([Script::Fail(500), Script::Fail(307)]);
    let service = with_webhooks(&[&receiver]).start().await;
    register(&service, &service.person("ming")).await;
    taken(&receiver, 3).await;
    assert_eq!(receiver.kinds(), ["account.created", "identity.linked", "session.created"]);
    assert_eq!(receiver.calls(), 5);
    service.line_with("/hook answered 500").await;
    assert!(!service.log().contains("5ecret"), "the address without its query");
}

#[tokio::test]
async fn a_slow_receiver_holds_up_no_other() {
    let (slow, quick) = (Receiver::start(), Receiver::start());
    slow.always(Some(Script::Late(Duration::from_secs(20))));
    let service = with_webhooks(&[&slow, &quick]).start().await;
    for name in ["ming", "hong"] {
        register(&service, &service.person(name)).await;
    }
    taken(&quick, 6).await;
    assert_eq!(slow.taken().len(), 0);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_not_called_again() {
    let (gone, other) = (Receiver::start(), Receiver::start());
    gone.always(Some(Script::Fail(410)));
    let service = with_webhooks(&[&gone, &other]).start().await;
    register(&service, &service.person("ming")).await;
    taken(&other, 3).await;
    eventually("it is called", async || (gone.calls() > 0).then_some(())).await;
    let (_, token) = log_in(&service, &service.person("ming")).await;
    assert!(!token.is_empty());
    taken(&other, 4).await;
    assert_eq!(gone.calls(), 1);
}

#[tokio::test]
async fn nothing_is_lost_or_out_of_order_though_the_process_dies_again_and_again() {
    let receiver = Receiver::start();
    let mut service = with_webhooks(&[&receiver]).set("limits.logins_per_ip_burst", 0).start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let mut expected = vec!["account.created", "identity.linked", "session.created"];
    let rounds = if std::env::var("SAOMA_FAULTS").is_ok_and(|form| form == "full") { 50 } else { 10 };
    for round in 0..rounds {
        match round % 5 {
            // The process dies while the receiver takes its time, or between a refusal and the next try.
            1 => receiver.script([Script::Late(Duration::from_millis(300))]),
            4 => receiver.script([Script::Fail(500)]),
            _ => {}
        }
        let (device, token) = log_in(&service, &ming).await;
        device.log_out(&service, &token).await;
        expected.extend(["session.created", "session.ended"]);
        // Between the commit and the delivery, or in the middle of one.
        service.kill().await;
        service.start_again().await;
    }
    let known = |heard: &[Heard]| {
        heard.iter().map(|heard| heard.id.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    eventually("all are taken", async || (known(&receiver.taken()).len() >= expected.len()).then_some(()))
        .await;
    assert_eq!(first_of_each(&receiver.taken()), expected);
}

/// Returns the kinds of the events, each where it was taken first.
fn first_of_each(taken: &[Heard]) -> Vec<&str> {
    let mut seen = BTreeMap::new();
    let is_first = |heard: &&Heard| seen.insert(heard.id.clone(), ()).is_none();
    taken.iter().filter(is_first).map(Heard::kind).collect()
}

#[tokio::test]
async fn a_refused_login_is_told_with_its_login() {
    let receiver = Receiver::start();
    let service = with_webhooks(&[&receiver]).set("webhooks.0.events", "login.*").start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (_, token) = register(&service, &ming).await;
    register(&service, &hong).await;
    let link = add_identity(&service, &token).await;
    hong.scan(link.qr()).await.unwrap();
    let heard = taken(&receiver, 1).await;
    assert_eq!(
        (heard[0].kind(), &heard[0].body["data"]["login"]["id"]),
        ("login.denied", &link.id.as_str().into())
    );
    assert_eq!(heard[0].body["data"]["reason"], "link_refused");
}

/// Asks for a login that adds an identity to the account of a session.
async fn add_identity(service: &Service, token: &str) -> Device {
    let body = serde_json::json!({ "channel": "official_account", "client": "device" });
    let url = format!("{}/v1/session/identities", service.url);
    let answer = reqwest::Client::new().post(url).bearer_auth(token).json(&body).send().await.unwrap();
    Device::started(&Answer::read(answer).await)
}
