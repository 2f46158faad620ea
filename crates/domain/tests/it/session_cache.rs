//! Checking sessions by their copies, and taking the copies back.

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
    broken::{self, told},
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

/// Copies that let an end through once there is a permit for it.
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

    async fn change(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        self.1.change(token_hashes, until).await
    }

    async fn end(&self, token_hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        self.0.acquire().await.unwrap().forget();
        self.1.end(token_hashes, until).await
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
        let granted = world.session("oAnna", PHONE).await;
        let checked = other.sessions.check(&granted.token).await.unwrap();
        match way {
            0 => world.services.sessions.log_out(&granted.token).await.unwrap(),
            1 => assert!(world.services.sessions.end(&checked, granted.session.id).await.unwrap()),
            _ => world.services.sessions.end_all(&checked).await.unwrap(),
        }
        world.ledger.set_available(false);
        assert!(!is_good(&other, &granted.token).await, "by the copies alone");
        world.ledger.set_available(true);
        world.copies.clear();
        assert!(!is_good(&other, &granted.token).await, "by the database alone");
    }
}

#[tokio::test]
async fn who_asked_the_database_before_the_end_does_not_bring_the_session_back() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let before = world.stored(&granted).await;
    world.services.sessions.log_out(&granted.token).await.unwrap();
    world.pass(secs(5));
    world.copies.put(&granted.token.hash(), &before, START.plus(secs(60))).await.unwrap();
    assert!(!is_good(&world.services, &granted.token).await);
    world.pass(secs(115));
    assert!(!is_good(&world.services, &granted.token).await, "no copy is older than the end any more");
}

#[tokio::test]
async fn checks_go_on_for_a_minute_while_the_database_is_away() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&granted.token).await.unwrap();
    world.ledger.set_available(false);
    world.pass(secs(59));
    world.services.sessions.check(&granted.token).await.unwrap();
    world.pass(secs(1));
    assert!(matches!(world.services.sessions.check(&granted.token).await, Err(ServiceError::Store(_))));
}

#[tokio::test]
async fn checks_go_on_by_the_database_while_the_copies_are_away() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let live = world.stored(&granted).await;
    let (mut sessions, mut copies) = (MockSessions::new(), MockSessionCache::new());
    copies.expect_read().times(3).returning(|_| Err(away()));
    copies.expect_put().never();
    sessions.expect_find().times(3).returning(move |_| Ok(Some(live.clone())));
    let node = world.node(|ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(copies);
    });
    for _ in 0..3 {
        node.sessions.check(&granted.token).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_is_lost_when_the_copies_are() {
    let world = World::new();
    let (good, ended) = (world.session("oAnna", PHONE).await, world.another_session("oAnna").await);
    for granted in [&good, &ended] {
        world.services.sessions.check(&granted.token).await.unwrap();
    }
    world.services.sessions.log_out(&ended.token).await.unwrap();
    world.copies.clear();
    assert!(is_good(&world.services, &good.token).await);
    assert!(!is_good(&world.services, &ended.token).await);
}

#[tokio::test]
async fn a_session_slides_by_its_copy_on_every_node() {
    let world = World::new();
    let other = world.node(|_| ());
    let granted = world.session("oAnna", PHONE).await;
    world.pass(secs(30));
    world.services.sessions.check(&granted.token).await.unwrap();
    world.pass(secs(31));
    world.services.sessions.check(&granted.token).await.unwrap();
    world.ledger.set_available(false);
    let checked = other.sessions.check(&granted.token).await.unwrap();
    assert_eq!(checked.session.last_seen_at, START.plus(secs(61)));
}

#[tokio::test]
async fn a_copy_that_says_a_session_is_over_is_not_believed() {
    let world = World::new();
    let rules = |policy: &mut saoma_domain::services::Policy| policy.session.idle = secs(4);
    let (node, granted) = (world.node_with_policy(rules), world.session("oAnna", PHONE).await);
    node.sessions.check(&granted.token).await.unwrap();
    world.pass(secs(3));
    // Another node that cannot reach the copies lets it slide.
    world.ledger.touch(granted.session.id, world.now()).await.unwrap();
    world.pass(secs(2));
    assert!(is_good(&node, &granted.token).await);
    world.pass(secs(5));
    assert!(!is_good(&node, &granted.token).await);
}

#[tokio::test]
async fn a_shut_account_is_noticed_within_a_minute_and_an_opened_one_at_once() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&granted.token).await.unwrap();
    world.ledger.set_disabled(granted.account.id, true).await.unwrap();
    world.pass(secs(60));
    for _ in 0..2 {
        let refused = world.services.sessions.check(&granted.token).await;
        assert_eq!(refused, Err(ServiceError::AccountDisabled));
    }
    world.ledger.set_disabled(granted.account.id, false).await.unwrap();
    world.services.sessions.check(&granted.token).await.unwrap();
}

#[tokio::test]
async fn a_log_out_that_did_not_learn_of_its_success_can_be_repeated() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&granted.token).await.unwrap();
    world.ledger.end(granted.account.id, granted.session.id, START).await.unwrap();
    world.services.sessions.log_out(&granted.token).await.unwrap();
    assert!(!is_good(&world.services, &granted.token).await);
}

#[tokio::test]
async fn a_log_out_without_a_session_leaves_nothing_behind() {
    let world = World::new();
    let mut copies = MockSessionCache::new();
    copies.expect_read().times(1).returning(|_| Ok(None));
    copies.expect_end().never();
    let node = world.node(|ports| ports.session_cache = Arc::new(copies));
    node.sessions.log_out(&SessionToken::parse(&"A".repeat(43)).unwrap()).await.unwrap();
    assert_eq!(node.sessions.retry_invalidations().await, Ok(0));
}

#[tokio::test]
async fn an_end_that_could_not_be_told_is_told_as_soon_as_it_can_be() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let (mut copies, told_of) = (MockSessionCache::new(), granted.token.hash());
    copies.expect_read().times(1).returning(|_| Err(away()));
    // The log-out itself, and the first try after it.
    copies.expect_end().times(2).returning(|_, _| Err(away()));
    copies
        .expect_end()
        .times(1)
        .withf(move |ended, until| ended == [told_of] && *until == START.plus(secs(4 + 120)))
        .returning(|_, _| Ok(()));
    let node = world.node(|ports| ports.session_cache = Arc::new(copies));
    assert_eq!(node.sessions.log_out(&granted.token).await, Ok(()), "the database says so");
    world.pass(secs(2));
    assert_eq!(node.sessions.retry_invalidations().await, Err(told()));
    world.pass(secs(2));
    assert_eq!(node.sessions.retry_invalidations().await, Ok(1));
    assert_eq!(node.sessions.retry_invalidations().await, Ok(0), "once is enough");
}

#[tokio::test]
async fn an_end_is_not_told_any_more_when_all_copies_are_over() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let checked = world.services.sessions.check(&granted.token).await.unwrap();
    let mut copies = MockSessionCache::new();
    copies.expect_end().times(1).returning(|_, _| Err(away()));
    let node = world.node(|ports| ports.session_cache = Arc::new(copies));
    node.sessions.end_all(&checked).await.unwrap();
    world.pass(secs(65));
    assert_eq!(node.sessions.retry_invalidations().await, Ok(0));
    assert!(!is_good(&world.services, &granted.token).await, "the old copy is gone, and the database knows");
}

#[tokio::test]
async fn a_caller_who_gives_up_does_not_keep_the_others_from_being_told() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    world.services.sessions.check(&granted.token).await.unwrap();
    let stuck = Stuck(Semaphore::new(0), world.copies.clone());
    let stuck = Arc::new(stuck);
    let node = world.node(|ports| ports.session_cache = stuck.clone());
    tokio::select! {
        biased;
        _ = node.sessions.log_out(&granted.token) => unreachable!("the copies do not answer"),
        () = tokio::task::yield_now() => {}
    }
    assert!(is_good(&world.services, &granted.token).await, "nobody was told yet");
    stuck.0.add_permits(1);
    assert_eq!(node.sessions.retry_invalidations().await, Ok(1));
    assert!(!is_good(&world.services, &granted.token).await);
}

#[tokio::test]
async fn an_account_ends_all_sessions_though_the_copies_are_away() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let node = world.node(|ports| ports.session_cache = broken::session_cache());
    let checked = node.sessions.check(&granted.token).await.unwrap();
    node.sessions.end_all(&checked).await.unwrap();
    assert!(!is_good(&node, &granted.token).await);
}
