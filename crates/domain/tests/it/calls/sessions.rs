//! What sessions cost.

use std::sync::Arc;

use saoma_domain::{
    ports::{
        ActiveSession, CachedSession, MockLimits, MockSessionCache, MockSessions, StoredSession, Verdict,
    },
    services::ServiceError,
};

use super::node;
use crate::world::{OTHER_PHONE, PHONE, START, World, browser, secs};

#[tokio::test]
async fn an_issued_session_costs_one_transaction_and_one_write_of_the_cache() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let mut session_cache = MockSessionCache::new();
    let for_a_minute = |_: &_, _: &_, _: &_, until: &_| *until == START.plus(secs(60));
    session_cache.expect_put().times(1).withf(for_a_minute).returning(|_, _, _, _| Ok(true));
    let cheap = node(&world, |ports| {
        let memory = world.ports();
        ports.random = memory.random;
        ports.limits = memory.limits;
        ports.sessions = memory.sessions;
        ports.session_cache = Arc::new(session_cache);
        // What WeChat tells of the person is read after the answer.
        ports.background = memory.background;
    });
    let before = world.database.row_operations();
    cheap.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(world.database.row_operations() - before, 4);
}

#[tokio::test]
async fn a_session_that_is_issued_again_costs_one_transaction() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let opened = StoredSession {
        active: world.stored(&issued).await,
        token_hash: issued.token.hash(),
        ended: false,
        displaced: vec![],
        has_news: false,
    };
    let mut sessions = MockSessions::new();
    sessions.expect_issue().times(1).return_once(|_| Ok(Some(opened)));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.sessions = Arc::new(sessions);
    });
    let again = cheap.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(again.token.reveal(), issued.token.reveal());
}

#[tokio::test]
async fn the_network_of_a_client_is_remembered_once_an_hour() {
    let world = World::new();
    let logins = [world.registered("oAnna", PHONE).await, world.registered("oBela", OTHER_PHONE).await];
    let mut limits = MockLimits::new();
    limits.expect_take().times(2).returning(|_, _| Ok(Verdict::Allowed));
    let node = world.node(|ports| ports.limits = Arc::new(limits));
    for (auth, login) in &logins {
        node.session_issuer.issue(auth, login, browser()).await.unwrap();
    }
    world.pass(secs(3600));
    let started = world.start().await;
    world.scan(&started, "oAnna").await;
    let login = world.committed(&started.auth).await.unwrap();
    node.session_issuer.issue(&started.auth, &login, browser()).await.unwrap();
}

#[tokio::test]
async fn the_first_check_of_an_issued_session_costs_no_query() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.database.set_available(false);
    assert!(world.services.sessions.check(&issued.token).await.is_ok());
}

#[tokio::test]
async fn a_session_check_costs_one_read_of_the_cache() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let mut session_cache = MockSessionCache::new();
    let entry = live(world.stored(&issued).await);
    session_cache.expect_read().times(100).returning(move |_| Ok(Some(entry.clone())));
    let cheap = node(&world, |ports| ports.session_cache = Arc::new(session_cache));
    for _ in 0..100 {
        cheap.sessions.check(&issued.token).await.unwrap();
    }
}

#[tokio::test]
async fn a_session_check_that_misses_the_cache_costs_one_read_of_the_database_and_a_write_at_most_once_a_minute()
 {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let hash = issued.token.hash();
    // An entry is good until the next use has to be stored.
    for (pause, writes, good_for) in
        [(secs(0), 0, secs(60)), (secs(45), 0, secs(15)), (secs(15), 1, secs(60))]
    {
        world.pass(pause);
        let now = world.now();
        let (mut sessions, mut session_cache) = (MockSessions::new(), MockSessionCache::new());
        let found = world.stored(&issued).await;
        let mut stored = found.clone();
        if writes > 0 {
            stored.session.last_seen_at = now;
        }
        session_cache.expect_read().times(1).returning(|_| Ok(None));
        sessions.expect_find().times(1).return_once(|_| Ok(Some(found)));
        sessions.expect_touch().times(writes).returning(|_, _| Ok(()));
        let put = move |of: &_, live: &_, read_at: &_, until: &_| {
            (of, live, read_at, until) == (&hash, &stored, &now, &now.plus(good_for))
        };
        session_cache.expect_put().times(1).withf(put).returning(|_, _, _, _| Ok(true));
        let cheap = node(&world, |ports| {
            ports.sessions = Arc::new(sessions);
            ports.session_cache = Arc::new(session_cache);
        });
        cheap.sessions.check(&issued.token).await.unwrap();
    }
}

#[tokio::test]
async fn a_log_out_costs_one_read_of_the_cache_one_transaction_and_one_invalidation() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let (mut sessions, mut session_cache) = (MockSessions::new(), MockSessionCache::new());
    let (entry, hash) = (live(world.stored(&issued).await), issued.token.hash());
    let session = issued.session.clone();
    session_cache.expect_read().times(1).return_once(|_| Ok(Some(entry)));
    let is_ours = move |which: &_, at: &_| (which, at) == (&session, &START);
    sessions.expect_end_known().times(1).withf(is_ours).return_once(|_, _| Ok(()));
    session_cache
        .expect_mark_ended()
        .times(1)
        .withf(move |ended, _| ended == [hash])
        .returning(|_, _| Ok(()));
    let cheap = node(&world, |ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(session_cache);
    });
    cheap.sessions.log_out(&issued.token).await.unwrap();
}

#[tokio::test]
async fn the_check_of_an_ended_session_costs_no_query() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let mut session_cache = MockSessionCache::new();
    session_cache.expect_read().times(10).returning(|_| Ok(Some(CachedSession::Ended)));
    let cheap = node(&world, |ports| ports.session_cache = Arc::new(session_cache));
    for _ in 0..10 {
        assert_eq!(cheap.sessions.check(&issued.token).await, Err(ServiceError::SessionInvalid));
    }
}

fn live(active: ActiveSession) -> CachedSession {
    CachedSession::Live { active: Arc::new(active), until: START.plus(secs(60)) }
}
