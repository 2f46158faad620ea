//! The session cache: read-through, with invalidation.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    ports::{
        Accounts, ActiveSession, CachedSession, MockSessionCache, MockSessions, SessionCache, Sessions,
        StoreError,
    },
    services::{ServiceError, Services},
    session::{SessionToken, SessionTokenHash},
    time::Timestamp,
};
use saoma_testing::MemorySessionCache;
use tokio::sync::Semaphore;

use crate::{
    broken::{self, store_error},
    world::{PHONE, START, World, secs},
};

async fn is_good(node: &Services, token: &SessionToken) -> bool {
    match node.sessions.check(token).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error, ServiceError::SessionInvalid);
            false
        }
    }
}

/// A session cache that takes an invalidation once there is a permit for it.
struct Stuck(Semaphore, Arc<MemorySessionCache>);

#[async_trait]
impl SessionCache for Stuck {
    async fn read(&self, token_hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        self.1.read(token_hash).await
    }

    async fn put(
        &self,
        token_hash: &SessionTokenHash,
        session: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.1.put(token_hash, session, until).await
    }

    async fn refresh(
        &self,
        token_hash: &SessionTokenHash,
        last_seen_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.1.refresh(token_hash, last_seen_at).await
    }

    async fn invalidate(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.1.invalidate(token_hashes, until).await
    }

    async fn mark_ended(
        &self,
        token_hashes: &[SessionTokenHash],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.acquire().await.unwrap().forget();
        self.1.mark_ended(token_hashes, until).await
    }
}

fn away() -> StoreError {
    StoreError::Unavailable("away".to_owned())
}

#[tokio::test]
async fn a_session_that_was_ended_on_one_node_is_refused_on_every_other() {
    for way in 0..3 {
        let world = World::new();
        let other = world.node(|_| ());
        let issued = world.session("oAnna", PHONE).await;
        let checked = other.sessions.check(&issued.token).await.unwrap();
        match way {
            0 => world.services.sessions.log_out(&issued.token).await.unwrap(),
            1 => assert!(world.services.sessions.end(&checked, issued.session.id).await.unwrap()),
            _ => world.services.sessions.end_all(&checked).await.unwrap(),
        }
        world.ledger.set_available(false);
        assert!(!is_good(&other, &issued.token).await, "by the cache alone");
        world.ledger.set_available(true);
        world.session_cache.clear();
        assert!(!is_good(&other, &issued.token).await, "by the database alone");
    }
}

#[tokio::test]
async fn who_asked_the_database_before_the_end_does_not_bring_the_session_back() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let before = world.stored(&issued).await;
    world.services.sessions.log_out(&issued.token).await.unwrap();
    world.pass(secs(5));
    world.session_cache.put(&issued.token.hash(), &before, START.plus(secs(60))).await.unwrap();
    assert!(!is_good(&world.services, &issued.token).await);
    world.pass(secs(115));
    assert!(!is_good(&world.services, &issued.token).await, "every entry from before the end has expired");
}

#[tokio::test]
async fn checks_go_on_for_a_minute_while_the_database_is_away() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&issued.token).await.unwrap();
    world.ledger.set_available(false);
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
    world.ledger.set_available(false);
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
    world.ledger.touch(issued.session.id, world.now()).await.unwrap();
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
    world.ledger.set_disabled(issued.account.id, true).await.unwrap();
    world.pass(secs(60));
    for _ in 0..2 {
        let refused = world.services.sessions.check(&issued.token).await;
        assert_eq!(refused, Err(ServiceError::AccountDisabled));
    }
    world.ledger.set_disabled(issued.account.id, false).await.unwrap();
    world.services.sessions.check(&issued.token).await.unwrap();
}

#[tokio::test]
async fn a_log_out_that_did_not_learn_of_its_success_can_be_repeated() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&issued.token).await.unwrap();
    world.ledger.end(issued.account.id, issued.session.id, START).await.unwrap();
    world.services.sessions.log_out(&issued.token).await.unwrap();
    assert!(!is_good(&world.services, &issued.token).await);
}

#[tokio::test]
async fn a_log_out_without_a_session_leaves_nothing_behind() {
    let world = World::new();
    let mut session_cache = MockSessionCache::new();
    session_cache.expect_read().times(1).returning(|_| Ok(None));
    session_cache.expect_mark_ended().never();
    let node = world.node(|ports| ports.session_cache = Arc::new(session_cache));
    node.sessions.log_out(&SessionToken::parse(&"A".repeat(43)).unwrap()).await.unwrap();
    assert_eq!(node.sessions.retry_invalidations().await, Ok(0));
}

#[tokio::test]
async fn an_invalidation_that_failed_is_retried_until_it_succeeds() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let (mut session_cache, told_of) = (MockSessionCache::new(), issued.token.hash());
    session_cache.expect_read().times(1).returning(|_| Err(away()));
    // The log-out itself, and the first retry.
    session_cache.expect_mark_ended().times(2).returning(|_, _| Err(away()));
    session_cache
        .expect_mark_ended()
        .times(1)
        .withf(move |ended, until| ended == [told_of] && *until == START.plus(secs(4 + 120)))
        .returning(|_, _| Ok(()));
    let node = world.node(|ports| ports.session_cache = Arc::new(session_cache));
    assert_eq!(node.sessions.log_out(&issued.token).await, Ok(()), "the database says so");
    world.pass(secs(2));
    assert_eq!(node.sessions.retry_invalidations().await, Err(store_error()));
    world.pass(secs(2));
    assert_eq!(node.sessions.retry_invalidations().await, Ok(1));
    assert_eq!(node.sessions.retry_invalidations().await, Ok(0), "once is enough");
}

#[tokio::test]
async fn an_invalidation_is_not_retried_when_every_cached_entry_has_expired() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    let mut session_cache = MockSessionCache::new();
    session_cache.expect_mark_ended().times(1).returning(|_, _| Err(away()));
    let node = world.node(|ports| ports.session_cache = Arc::new(session_cache));
    node.sessions.end_all(&checked).await.unwrap();
    world.pass(secs(65));
    assert_eq!(node.sessions.retry_invalidations().await, Ok(0));
    assert!(
        !is_good(&world.services, &issued.token).await,
        "the old entry has expired, and the database knows"
    );
}

#[tokio::test]
async fn a_caller_that_is_cancelled_leaves_the_invalidation_to_the_retry() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&issued.token).await.unwrap();
    let stuck = Stuck(Semaphore::new(0), world.session_cache.clone());
    let stuck = Arc::new(stuck);
    let node = world.node(|ports| ports.session_cache = stuck.clone());
    tokio::select! {
        biased;
        _ = node.sessions.log_out(&issued.token) => unreachable!("the cache does not answer"),
        () = tokio::task::yield_now() => {}
    }
    assert!(is_good(&world.services, &issued.token).await, "no node knows yet");
    stuck.0.add_permits(1);
    assert_eq!(node.sessions.retry_invalidations().await, Ok(1));
    assert!(!is_good(&world.services, &issued.token).await);
}

#[tokio::test]
async fn an_account_ends_all_sessions_though_the_cache_is_away() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let node = world.node(|ports| ports.session_cache = broken::session_cache());
    let checked = node.sessions.check(&issued.token).await.unwrap();
    node.sessions.end_all(&checked).await.unwrap();
    assert!(!is_good(&node, &issued.token).await);
}
