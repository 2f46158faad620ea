//! A failure grants nothing: with each port failing in turn, the service says so and nothing was changed.

use std::sync::Arc;

use saoma_domain::{
    login::{Login, LoginEvent, LoginId},
    ports::{CachedLogin, LoginCache, MockLoginCache, MockLogins, StoreError},
    services::{CodeRequest, ServiceError},
    wechat::{Follower, RawUnionId},
};

use saoma_testing::SmsInbox;

use crate::{
    broken::{self, store_error},
    world::{CLIENT, PHONE, START, World, secs, unlimited},
};

#[tokio::test]
async fn a_look_without_cache_and_database_is_an_error() {
    let world = World::new();
    let (waiting, (registered, _)) = (world.start().await.auth, world.registered("oAnna", PHONE).await);
    let blind = world.node(|ports| {
        ports.login_cache = broken::login_cache();
        ports.logins = broken::logins();
    });
    for auth in [&waiting, &registered] {
        assert_eq!(blind.waiting.look(auth).await, Err(store_error()));
        assert_eq!(blind.waiting.wait(auth, 0, secs(25)).await, Err(store_error()));
    }
    world.login_cache.clear();
    let node = world.node(|ports| ports.logins = broken::logins());
    assert_eq!(node.waiting.look(&registered).await, Err(store_error()));
}

#[tokio::test]
async fn no_login_expires_for_its_client_while_the_database_is_away() {
    let world = World::new();
    let (waiting, scanned) = (world.start().await.auth, world.unregistered("oAnna").await);
    let node = world.node(|ports| ports.logins = broken::logins());
    assert_eq!(node.waiting.look(&scanned).await.unwrap().state.name(), "unregistered");
    world.pass(secs(120));
    assert_eq!(node.waiting.look(&waiting).await, Err(store_error()), "a scan may have been committed");
    world.pass(secs(480));
    assert_eq!(node.waiting.look(&scanned).await, Err(store_error()), "a binding may have been committed");
}

#[tokio::test]
async fn a_wait_without_notifications_is_answered_at_once() {
    let world = World::new();
    let auth = world.start().await.auth;
    let node = world.node(|ports| ports.notifier = broken::notifier());
    assert_eq!(node.waiting.wait(&auth, 1, secs(25)).await.unwrap().state.name(), "loop");
}

#[tokio::test]
async fn a_scan_that_is_not_committed_is_not_published() {
    let world = World::new();
    let started = world.start().await;
    let mut login_cache = MockLoginCache::new();
    login_cache.expect_context().times(1).returning(|_| Ok(None));
    login_cache.expect_publish().never();
    let node = world.node(|ports| {
        ports.login_cache = Arc::new(login_cache);
        ports.logins = broken::logins();
    });
    assert_eq!(node.scans.take_scan(world.event(&started, "oAnna")).await, Err(store_error()));
}

#[tokio::test]
async fn a_follow_up_that_is_not_committed_registers_nobody() {
    let world = World::new();
    let started = world.start().await;
    world.scan(&started, "oAnna").await;
    let follower =
        Follower { subscribed: true, unionid: RawUnionId::parse("uAnna").ok(), ..Follower::default() };
    let event = world.event(&started, "oAnna");
    world.wechat.know(&event.app, event.openid, follower);
    world.database.set_available(false);
    assert!(matches!(world.background.run().await, Err(ServiceError::Store(_))));
    world.database.set_available(true);
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn a_number_is_bound_with_every_part_or_not_at_all() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    let before = world.committed(&auth).await;
    for node in [
        world.node(|ports| ports.limits = broken::limits()),
        world.node(|ports| ports.sms_codes = broken::sms_codes()),
        world.node(|ports| ports.logins = broken::logins()),
    ] {
        assert_eq!(node.phone_binding.bind(&auth, PHONE, &code).await, Err(store_error()));
        assert_eq!(world.committed(&auth).await, before);
    }
    let cacheless = world.node(|ports| ports.login_cache = broken::login_cache());
    let login = cacheless.phone_binding.bind(&auth, PHONE, &code).await.unwrap();
    assert_eq!(world.committed(&auth).await, Some(login), "the database is the truth");
}

#[tokio::test]
async fn a_code_that_cannot_be_kept_or_sent_is_an_error() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let request = CodeRequest { phone: PHONE, client: CLIENT };
    let blind = world.node(|ports| {
        ports.login_cache = broken::login_cache();
        ports.logins = broken::logins();
    });
    assert_eq!(blind.phone_binding.send_code(&auth, request).await, Err(store_error()));
    let error = SmsInbox::failure("away");
    world.inbox.fail_next(error.clone());
    let failed = ServiceError::Sms { error, retry_after: secs(60) };
    assert_eq!(world.services.phone_binding.send_code(&auth, request).await, Err(failed));
}

#[tokio::test]
async fn a_cancellation_that_is_not_committed_is_an_error() {
    let world = World::new();
    let auth = world.start().await.auth;
    let node = world.node(|ports| ports.logins = broken::logins());
    assert_eq!(node.cancellation.cancel(&auth).await, Err(store_error()));
    assert_eq!(world.services.waiting.look(&auth).await.unwrap().state.name(), "loop");
}

#[tokio::test]
async fn a_batch_that_fails_does_not_keep_the_others_waiting() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.limits = unlimited());
    let mut logins = MockLogins::new();
    let cancelled = |id: &LoginId| Login::new(*id).apply(LoginEvent::Cancelled, START).unwrap();
    logins.expect_find_many().times(1).returning(|_| Err(StoreError::Unavailable("away".to_owned())));
    logins.expect_find_many().times(1).returning(move |ids| Ok(ids.iter().map(cancelled).collect()));
    let node = world.node(|ports| ports.logins = Arc::new(logins));
    let mut auth = Vec::new();
    for _ in 0..600 {
        auth.push(world.start().await.auth);
        node.waiting.look(&auth[auth.len() - 1]).await.unwrap();
    }
    assert_eq!(node.waiting.reconcile().await, Err(store_error()), "the caller has to know");
    let mut told_of = 0;
    for auth in &auth {
        told_of += usize::from(world.login_cache.read(auth.id()).await.unwrap() != CachedLogin::Open);
    }
    assert_eq!(told_of, 100, "a query asks for 500 at the most");
}

#[tokio::test]
async fn a_reconciliation_without_a_database_is_an_error_and_the_next_one_makes_up_for_it() {
    let world = World::new();
    let started = world.start().await;
    world.services.waiting.look(&started.auth).await.unwrap();
    let cacheless = world.node(|ports| ports.login_cache = broken::login_cache());
    cacheless.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    world.database.set_available(false);
    assert!(matches!(world.services.waiting.reconcile().await, Err(ServiceError::Store(_))));
    world.database.set_available(true);
    assert_eq!(world.services.waiting.reconcile().await, Ok(1));
    let cached = world.login_cache.read(started.auth.id()).await.unwrap();
    assert_eq!(cached, CachedLogin::Outcome(world.committed(&started.auth).await.unwrap()));
}
