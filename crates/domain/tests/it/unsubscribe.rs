//! People who stop following an official account.

use saoma_domain::{
    ports::{Accounts, AuditKind, AuditTrail, FollowChange},
    services::{OnUnsubscribe, ServiceError},
};

use crate::{
    broken::{self, store_error},
    world::{OTHER_PHONE, PHONE, START, World, app, millis, openid, secs},
};

#[tokio::test]
async fn the_identity_is_marked_until_its_person_scans_again() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    world.pass(secs(5));
    for _ in 0..2 {
        world.services.follows.take_unsubscribe(app("main"), openid("oAnna"), world.now()).await.unwrap();
        let marked = world.database.identities(checked.account.id).await.unwrap()[0].unsubscribed_at;
        assert_eq!(marked, Some(START.plus(secs(5))));
        world.pass(secs(5));
    }
    let trail = world.database.entries(issued.account.id, 100).await.unwrap();
    assert_eq!(trail.iter().filter(|entry| entry.kind == AuditKind::Unfollowed).count(), 1);
    assert!(world.services.sessions.check(&issued.token).await.is_ok(), "sessions stay");
    world.another_session("oAnna").await;
    assert_eq!(world.database.identities(checked.account.id).await.unwrap()[0].unsubscribed_at, None);
}

#[tokio::test]
async fn who_follows_again_without_a_scan_is_not_marked_any_more() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.services.follows.take_unsubscribe(app("main"), openid("oAnna"), world.now()).await.unwrap();
    for person in ["oAnna", "oNobody"] {
        world.services.follows.take_subscribe(app("main"), openid(person), world.now()).await.unwrap();
    }
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    assert_eq!(checked.identities[0].unsubscribed_at, None);
}

#[tokio::test]
async fn the_sessions_of_the_account_end_where_the_policy_says_so() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.on_unsubscribe = OnUnsubscribe::EndSessions);
    let (anna, bela) = (world.session("oAnna", PHONE).await, world.session("oBela", OTHER_PHONE).await);
    let also_anna = world.another_session("oAnna").await;
    world.services.follows.take_unsubscribe(app("main"), openid("oAnna"), world.now()).await.unwrap();
    for ended in [anna, also_anna] {
        assert_eq!(world.services.sessions.check(&ended.token).await, Err(ServiceError::SessionInvalid));
    }
    assert!(world.services.sessions.check(&bela.token).await.is_ok(), "others are not concerned");
}

#[tokio::test]
async fn who_was_never_bound_or_never_seen_ends_nothing() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.on_unsubscribe = OnUnsubscribe::EndSessions);
    let anna = world.session("oAnna", PHONE).await;
    world.unregistered("oBela").await;
    for (name, person) in [("main", "oBela"), ("main", "oNobody"), ("shop", "oAnna")] {
        assert_eq!(
            world.services.follows.take_unsubscribe(app(name), openid(person), world.now()).await,
            Ok(())
        );
    }
    assert!(world.services.sessions.check(&anna.token).await.is_ok());
}

#[tokio::test]
async fn news_that_are_not_committed_are_an_error_and_come_again() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.on_unsubscribe = OnUnsubscribe::EndSessions);
    let anna = world.session("oAnna", PHONE).await;
    let unmarked = world.node(|ports| ports.accounts = broken::accounts());
    assert_eq!(
        unmarked.follows.take_unsubscribe(app("main"), openid("oAnna"), world.now()).await,
        Err(store_error())
    );
    let news = FollowChange { app: app("main"), openid: openid("oAnna"), subscribed: false, at: START };
    world.database.record_follow(news).await.unwrap();
    world.services.follows.take_unsubscribe(app("main"), openid("oAnna"), world.now()).await.unwrap();
    let ended = world.services.sessions.check(&anna.token).await;
    assert_eq!(ended, Err(ServiceError::SessionInvalid), "also when only the mark was there");
}

#[tokio::test]
async fn news_that_come_again_end_no_session_that_was_opened_since() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.on_unsubscribe = OnUnsubscribe::EndSessions);
    let before = world.session("oAnna", PHONE).await;
    // WeChat tells whole seconds: of the session it only knows that it was opened in the same one.
    let event = START;
    world.pass(millis(500));
    let same_second = world.another_session("oAnna").await;
    world.pass(millis(400));
    world.services.follows.take_unsubscribe(app("main"), openid("oAnna"), event).await.unwrap();
    for ended in [before, same_second] {
        assert_eq!(world.services.sessions.check(&ended.token).await, Err(ServiceError::SessionInvalid));
    }
    world.pass(secs(3));
    let since = world.another_session("oAnna").await;
    world.pass(secs(2));
    world.services.follows.take_unsubscribe(app("main"), openid("oAnna"), event).await.unwrap();
    assert!(world.services.sessions.check(&since.token).await.is_ok());
    let trail = world.database.entries(since.account.id, 100).await.unwrap();
    assert_eq!(trail.iter().filter(|entry| entry.kind == AuditKind::SessionEnded).count(), 2);
}

#[tokio::test]
async fn news_from_a_clock_that_goes_before_ours_are_from_now() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.on_unsubscribe = OnUnsubscribe::EndSessions);
    let anna = world.session("oAnna", PHONE).await;
    world
        .services
        .follows
        .take_unsubscribe(app("main"), openid("oAnna"), START.plus(secs(60)))
        .await
        .unwrap();
    assert_eq!(world.database.identities(anna.account.id).await.unwrap()[0].unsubscribed_at, Some(START));
    world.pass(secs(1));
    let since = world.another_session("oAnna").await;
    assert!(world.services.sessions.check(&since.token).await.is_ok());
    assert_eq!(world.services.sessions.check(&anna.token).await, Err(ServiceError::SessionInvalid));
}
