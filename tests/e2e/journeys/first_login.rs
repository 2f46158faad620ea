//! The way in, for who is new and for who is known.

use futures_util::future::join_all;
use saoma_sandbox::{EventKind, Person, Reaction};

use crate::harness::{Device, Setup, bind_own_phone, code_for, register};

fn kind(reaction: &Reaction) -> EventKind {
    match reaction {
        Reaction::Sent { kind, .. } => *kind,
        Reaction::NotSent { reason } => panic!("WeChat told the service nothing: {reason:?}"),
    }
}

async fn scan(person: &Person, device: &Device) -> Reaction {
    person.scan(device.qr()).await.unwrap()
}

#[tokio::test]
async fn a_new_person_scans_follows_binds_a_phone_and_is_logged_in() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    assert_eq!(device.look(&service).await.says(), "loop");

    let (scanned, waiting) = tokio::join!(scan(&ming, &device), device.wait(&service, 30, 1));
    assert_eq!(kind(&scanned), EventKind::Subscribe);
    assert!(scanned.reply().is_some(), "the phone is told who asked");
    assert_eq!(waiting.says(), "unregistered");
    assert_eq!(waiting.json["version"], 2);

    let code = code_for(&service, &device, &ming).await;
    let bound = device.bind(&service, ming.phone(), &code).await;
    assert_eq!(bound.says(), "registered");
    assert_eq!(bound.json["version"], 3);

    let session = device.session(&service, bound.token()).await;
    assert_eq!(session.status, 200, "{}", session.text);
    assert_eq!(session.json["account"]["id"], bound.json["account"]["id"]);
    assert_eq!(session.json["account"]["identities"][0]["app"], "main");
    assert_eq!(session.json["account"]["identities"][0]["channel"], "official_account");
    assert!(!session.text.contains(&ming.phone()[3..]), "the number is shown masked: {}", session.text);
}

#[tokio::test]
async fn a_follower_who_scans_goes_the_same_way() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    ming.follow("main").await.unwrap();
    let device = Device::start(&service).await;

    let scanned = scan(&ming, &device).await;
    assert_eq!(kind(&scanned), EventKind::Scan);
    assert!(scanned.reply().is_some(), "the phone is told who asked");
    assert_eq!(device.look(&service).await.says(), "unregistered");

    let bound = bind_own_phone(&service, &device, &ming).await;
    assert_eq!(device.session(&service, bound.token()).await.status, 200);
}

#[tokio::test]
async fn who_has_an_account_is_logged_in_by_the_scan_alone() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (first, first_token) = register(&service, &ming).await;
    let account = first.session(&service, &first_token).await.json["account"]["id"].clone();

    let device = Device::start(&service).await;
    let (_, waiting) = tokio::join!(scan(&ming, &device), device.wait(&service, 30, 1));
    assert_eq!(waiting.says(), "registered");
    assert_eq!(waiting.json["version"], 2);
    assert_eq!(waiting.json["account"]["id"], account);
    assert_ne!(waiting.token(), first_token, "each login has a session of its own");
    assert_eq!(device.session(&service, waiting.token()).await.status, 200);
    assert_eq!(first.session(&service, &first_token).await.status, 200, "the first one goes on");
    assert_eq!(ming.sms().len(), 1, "no second code was sent");
}

#[tokio::test]
async fn all_who_wait_for_one_login_are_answered() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;

    let waiters = join_all((0..8).map(|_| device.wait(&service, 30, 1)));
    let scanned = async {
        service.waiting(8).await;
        scan(&ming, &device).await
    };
    let (answers, _) = tokio::join!(waiters, scanned);
    for answer in answers {
        assert_eq!(answer.says(), "unregistered");
        assert_eq!(answer.json["version"], 2);
    }
}
