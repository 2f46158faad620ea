//! Who stops following the official account.

use saoma_sandbox::{EventKind, Reaction};

use crate::harness::{Device, Setup, log_in, register};

#[tokio::test]
async fn their_identity_shows_it_and_they_stay_logged_in() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let subscribed = async || {
        let session = device.session(&service, &token).await.json;
        session["account"]["identities"][0]["subscribed"].clone()
    };
    assert_eq!(subscribed().await, true);
    let told = ming.unfollow("main").await.unwrap();
    let Reaction::Sent { kind: EventKind::Unsubscribe, event, .. } = told else { panic!("{told:?}") };
    assert_eq!(subscribed().await, false);
    service.sandbox.resend(event, 4).await.unwrap();
    assert_eq!(subscribed().await, false, "told again, the same");

    log_in(&service, &ming).await;
    assert_eq!(subscribed().await, true, "who scans follows again");
}

#[tokio::test]
async fn where_the_operator_wants_it_their_sessions_end() {
    let service = Setup::default().set("login.on_unsubscribe", "end_sessions").start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (hongs, hongs_token) = register(&service, &hong).await;
    let (first, first_token) = register(&service, &ming).await;
    let (second, second_token) = log_in(&service, &ming).await;
    ming.unfollow("main").await.unwrap();
    assert_eq!(first.session(&service, &first_token).await.problem(), "session_invalid");
    assert_eq!(second.session(&service, &second_token).await.problem(), "session_invalid");
    assert_eq!(hongs.session(&service, &hongs_token).await.status, 200, "that of another person goes on");

    let (again, token) = log_in(&service, &ming).await;
    assert_eq!(again.session(&service, &token).await.status, 200, "they follow and log in again");
}

#[tokio::test]
async fn a_stranger_who_leaves_is_no_trouble() {
    let service = Setup::default().set("login.on_unsubscribe", "end_sessions").start().await;
    let ming = service.person("ming");
    ming.follow("main").await.unwrap();
    let left = ming.unfollow("main").await.unwrap();
    assert!(matches!(left, Reaction::Sent { .. }), "{left:?}");
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    assert_eq!(device.look(&service).await.says(), "unregistered");
}
