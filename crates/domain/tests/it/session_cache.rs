//! The session cache: read-through, with invalidation.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    ports::{ActiveSession, CachedSession, MockSessionCache, SessionCache, Sessions, StoreError},
    services::{ServiceError, Services},
    session::{SessionToken, SessionTokenHash},
    time::Timestamp,
};
use saoma_memory::MemorySessionCache;
use tokio::sync::Semaphore;

use crate::{
    broken::{self, away, store_error},
    world::{PHONE, START, World, keys, secs},
};

pub(crate) async fn is_good(node: &Services, token: &SessionToken) -> bool {
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
        read_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.1.put(token_hash, session, read_at, until).await
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
        world.database.set_available(false);
        assert!(!is_good(&other, &issued.token).await, "by the cache alone");
        world.database.set_available(true);
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
    world.session_cache.put(&issued.token.hash(), &before, START, START.plus(secs(60))).await.unwrap();
    assert!(!is_good(&world.services, &issued.token).await);
    world.pass(secs(115));
    assert!(!is_good(&world.services, &issued.token).await, "every entry from before the end has expired");
}

#[tokio::test]
async fn a_log_out_that_did_not_learn_of_its_success_can_be_repeated() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&issued.token).await.unwrap();
    world.database.end(issued.account.id, issued.session.id, START).await.unwrap();
    world.services.sessions.log_out(&issued.token).await.unwrap();
    assert!(!is_good(&world.services, &issued.token).await);
}

#[tokio::test]
async fn a_session_that_made_room_for_another_is_refused_at_once_though_it_was_cached() {
    let world = World::new();
    let first = world.session("oAnna", PHONE).await;
    assert!(is_good(&world.services, &first.token).await);
    world.pass(secs(1));
    for _ in 1..20 {
        world.another_session("oAnna").await;
    }
    assert!(is_good(&world.services, &first.token).await);
    let last = world.another_session("oAnna").await;
    assert!(!is_good(&world.services, &first.token).await);
    assert!(is_good(&world.services, &last.token).await);
}

#[tokio::test]
async fn a_log_out_does_not_believe_the_cache_that_the_session_has_ended() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let (hash, until) = (issued.token.hash(), START.plus(secs(120)));
    world.session_cache.mark_ended(&[hash], until).await.unwrap();
    world.services.sessions.log_out(&issued.token).await.unwrap();
    world.session_cache.clear();
    assert!(!is_good(&world.services, &issued.token).await);
}

#[tokio::test]
async fn a_log_out_without_a_session_leaves_nothing_behind() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let account = world.account_of(&login).await.id;
    let mut session_cache = MockSessionCache::new();
    session_cache.expect_read().times(1).returning(|_| Ok(None));
    session_cache.expect_mark_ended().never();
    let node = world.node(|ports| ports.session_cache = Arc::new(session_cache));
    let never_collected = SessionToken::derive(keys(&[1]).current(), &auth, account);
    node.sessions.log_out(&never_collected).await.unwrap();
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
