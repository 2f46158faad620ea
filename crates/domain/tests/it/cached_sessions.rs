//! Checking sessions by the session cache.

use std::sync::Arc;

use saoma_domain::{
    ports::{Accounts, MockSessionCache, MockSessions, Sessions},
    services::ServiceError,
};

use crate::{
    broken::away,
    session_cache::is_good,
    world::{PHONE, START, World, secs},
};

#[tokio::test]
async fn checks_go_on_for_a_minute_while_the_database_is_away() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&issued.token).await.unwrap();
    world.database.set_available(false);
    world.pass(secs(59));
    world.services.sessions.check(&issued.token).await.unwrap();
    world.pass(secs(1));
    assert!(matches!(world.services.sessions.check(&issued.token).await, Err(ServiceError::Store(_))));
}

#[tokio::test]
async fn checks_go_on_by_the_database_while_the_cache_is_away() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let live = world.stored(&issued).await;
    let (mut sessions, mut session_cache) = (MockSessions::new(), MockSessionCache::new());
    session_cache.expect_read().times(3).returning(|_| Err(away()));
    session_cache.expect_put().never();
    sessions.expect_find().times(3).returning(move |_| Ok(Some(live.clone())));
    let node = world.node(|ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(session_cache);
    });
    for _ in 0..3 {
        node.sessions.check(&issued.token).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_is_lost_when_the_cache_is() {
    let world = World::new();
    let (good, ended) = (world.session("oAnna", PHONE).await, world.another_session("oAnna").await);
    for issued in [&good, &ended] {
        world.services.sessions.check(&issued.token).await.unwrap();
    }
    world.services.sessions.log_out(&ended.token).await.unwrap();
    world.session_cache.clear();
    assert!(is_good(&world.services, &good.token).await);
    assert!(!is_good(&world.services, &ended.token).await);
}

#[tokio::test]
async fn a_cached_session_slides_on_every_node() {
    let world = World::new();
    let other = world.node(|_| ());
    let issued = world.session("oAnna", PHONE).await;
    world.pass(secs(30));
    world.services.sessions.check(&issued.token).await.unwrap();
    world.pass(secs(31));
    world.services.sessions.check(&issued.token).await.unwrap();
    world.database.set_available(false);
    let checked = other.sessions.check(&issued.token).await.unwrap();
    assert_eq!(checked.session.last_seen_at, START.plus(secs(61)));
}

#[tokio::test]
async fn a_cached_session_that_is_over_is_not_believed() {
    let world = World::new();
    let rules = |policy: &mut saoma_domain::services::Policy| policy.session.idle = secs(4);
    let (node, issued) = (world.node_with_policy(rules), world.session("oAnna", PHONE).await);
    node.sessions.check(&issued.token).await.unwrap();
    world.pass(secs(3));
    // Another node that cannot reach the cache lets it slide.
    world.database.touch(issued.session.id, world.now()).await.unwrap();
    world.pass(secs(2));
    assert!(is_good(&node, &issued.token).await);
    world.pass(secs(5));
    assert!(!is_good(&node, &issued.token).await);
}

#[tokio::test]
async fn a_shut_account_is_noticed_within_a_minute_and_an_opened_one_at_once() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&issued.token).await.unwrap();
    world.database.set_disabled(issued.account.id, true).await.unwrap();
    world.pass(secs(60));
    for _ in 0..2 {
        let refused = world.services.sessions.check(&issued.token).await;
        assert_eq!(refused, Err(ServiceError::AccountDisabled));
    }
    world.database.set_disabled(issued.account.id, false).await.unwrap();
    world.services.sessions.check(&issued.token).await.unwrap();
}
