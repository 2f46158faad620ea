//! Events that come twice, and codes that are scanned twice.

use std::collections::BTreeSet;

use saoma_sandbox::{DeliveryOutcome, Reaction, Speaker};

use crate::harness::{Device, Setup, bind_own_phone, log_in, register, scanned_by_new};

const TAKEN: &str = "此二维码已被其他微信用户扫描，请刷新页面后重新扫码。";

fn replies(reaction: &Reaction) -> BTreeSet<&str> {
    let text = |outcome: &'_ &DeliveryOutcome| matches!(outcome, DeliveryOutcome::Reply(_));
    let outcomes = reaction.outcomes();
    assert!(outcomes.iter().all(text), "{outcomes:?}");
    outcomes
        .into_iter()
        .filter_map(|outcome| match outcome {
            DeliveryOutcome::Reply(text) => Some(text.as_str()),
            DeliveryOutcome::Silent | DeliveryOutcome::Fault(_) => None,
        })
        .collect()
}

fn event(reaction: &Reaction) -> u64 {
    match reaction {
        Reaction::Sent { event, .. } => *event,
        Reaction::NotSent { reason } => panic!("WeChat told the service nothing: {reason:?}"),
    }
}

#[tokio::test]
async fn an_event_in_32_copies_at_once_has_one_outcome_and_one_reply() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    let scanned = ming.scan_in_copies(device.qr(), 32).await.unwrap();
    assert_eq!(scanned.outcomes().len(), 32);
    assert_eq!(replies(&scanned).len(), 1, "{:?}", replies(&scanned));
    let said = ming.chat("main");
    assert_eq!(said.iter().filter(|message| message.from == Speaker::Account).count(), 1, "{said:?}");

    let login = device.look(&service).await;
    assert_eq!((login.says(), &login.json["version"]), ("unregistered", &2.into()));
    let bound = bind_own_phone(&service, &device, &ming).await;
    let session = device.session(&service, bound.token()).await;
    assert_eq!(session.json["account"]["identities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn copies_of_the_scan_of_somebody_known_have_one_outcome_too() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let device = Device::start(&service).await;
    let scanned = ming.scan_in_copies(device.qr(), 32).await.unwrap();
    assert_eq!(replies(&scanned).len(), 1, "{:?}", replies(&scanned));
    let login = device.look(&service).await;
    assert_eq!((login.says(), &login.json["version"]), ("registered", &2.into()));
}

#[tokio::test]
async fn an_event_that_comes_again_later_has_the_reply_of_the_first_and_no_effect() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    let scanned = ming.scan(device.qr()).await.unwrap();
    let bound = bind_own_phone(&service, &device, &ming).await;

    let again = service.sandbox.resend(event(&scanned), 4).await.unwrap();
    assert_eq!(replies(&again), replies(&scanned));
    let login = device.look(&service).await;
    assert_eq!((login.says(), &login.json["version"]), ("registered", &3.into()));
    assert_eq!(login.token(), bound.token());
}

#[tokio::test]
async fn the_first_of_two_phones_on_one_code_wins() {
    let service = Setup::default().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let device = scanned_by_new(&service, &ming).await;
    let second = hong.scan(device.qr()).await.unwrap();
    assert_eq!(second.reply(), Some(TAKEN));
    assert_eq!(device.look(&service).await.json["version"], 2);

    bind_own_phone(&service, &device, &ming).await;
    log_in(&service, &ming).await;
    scanned_by_new(&service, &hong).await;
}

#[tokio::test]
async fn exactly_one_of_two_phones_at_the_same_time_wins() {
    let service = Setup::default().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    for _ in 0..4 {
        ming.unfollow("main").await.unwrap();
        let device = Device::start(&service).await;
        let (first, second) = tokio::join!(ming.scan(device.qr()), hong.scan(device.qr()));
        let (first, second) = (first.unwrap(), second.unwrap());
        let told: Vec<&str> = [&first, &second].into_iter().filter_map(|scanned| scanned.reply()).collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told.iter().filter(|text| **text == TAKEN).count(), 1, "{told:?}");
        let login = device.look(&service).await;
        assert_eq!((login.says(), &login.json["version"]), ("unregistered", &2.into()));
    }

    let device = Device::start(&service).await;
    let (first, _) = tokio::join!(ming.scan(device.qr()), hong.scan(device.qr()));
    let ming_won = first.unwrap().reply() != Some(TAKEN);
    let (winner, loser) = if ming_won { (&ming, &hong) } else { (&hong, &ming) };
    bind_own_phone(&service, &device, winner).await;
    log_in(&service, winner).await;
    scanned_by_new(&service, loser).await;
}
