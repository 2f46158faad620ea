//! What sessions cost.

use std::sync::Arc;

use saoma_domain::{
    ports::{CachedSession, MockAccounts, MockSessionCache, MockSessions, StoredSession},
    services::ServiceError,
};

use super::node;
use crate::world::{PHONE, START, World, browser, millis, secs};

#[tokio::test]
async fn a_hand_over_costs_one_query_for_the_account_and_one_insert() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let granted = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let (mut accounts, mut sessions) = (MockAccounts::new(), MockSessions::new());
    accounts.expect_account().times(1).return_once(|_| Ok(Some(granted.account)));
    let opened = StoredSession { session: granted.session, token_hash: granted.token.hash(), ended: false };
    sessions.expect_issue().times(1).return_once(|_| Ok(Some(opened)));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.accounts = Arc::new(accounts);
        ports.sessions = Arc::new(sessions);
    });
    let again = cheap.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(again.token.reveal(), granted.token.reveal());
}

#[tokio::test]
async fn a_session_check_costs_one_read_of_a_copy_and_a_write_at_most_once_a_minute() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    for (pause, checks, writes) in [(secs(60) - millis(1), 100, 0), (millis(1), 1, 1)] {
        world.pass(pause);
        let (mut sessions, mut copies) = (MockSessions::new(), MockSessionCache::new());
        let copy = CachedSession::Live(world.stored(&granted).await);
        copies.expect_read().times(checks).returning(move |_| Ok(Some(copy.clone())));
        copies.expect_refresh().times(writes).returning(|_, _| Ok(()));
        sessions.expect_touch().times(writes).returning(|_, _| Ok(()));
        let cheap = node(&world, |ports| {
            ports.sessions = Arc::new(sessions);
            ports.session_cache = Arc::new(copies);
        });
        for _ in 0..checks {
            cheap.sessions.check(&granted.token).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_session_check_without_a_copy_costs_one_read_of_the_database_and_leaves_a_copy() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let (mut sessions, mut copies) = (MockSessions::new(), MockSessionCache::new());
    let copied = world.stored(&granted).await;
    let found = copied.clone();
    copies.expect_read().times(1).returning(|_| Ok(None));
    sessions.expect_find().times(1).return_once(|_| Ok(Some(found)));
    let hash = granted.token.hash();
    let put = move |of: &_, live: &_, until: &_| (of, live, until) == (&hash, &copied, &START.plus(secs(60)));
    copies.expect_put().times(1).withf(put).returning(|_, _, _| Ok(()));
    let cheap = node(&world, |ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(copies);
    });
    cheap.sessions.check(&granted.token).await.unwrap();
}

#[tokio::test]
async fn a_log_out_with_a_copy_costs_one_read_of_it_one_transaction_and_one_invalidation() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let (mut sessions, mut copies) = (MockSessions::new(), MockSessionCache::new());
    let (copy, hash) = (CachedSession::Live(world.stored(&granted).await), granted.token.hash());
    let (account, id) = (granted.account.id, granted.session.id);
    copies.expect_read().times(1).return_once(|_| Ok(Some(copy)));
    let is_ours = move |of: &_, which: &_, at: &_| (of, which, at) == (&account, &id, &START);
    sessions.expect_end().times(1).withf(is_ours).return_once(move |_, _, _| Ok(Some(hash)));
    copies.expect_mark_ended().times(1).withf(move |ended, _| ended == [hash]).returning(|_, _| Ok(()));
    let cheap = node(&world, |ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(copies);
    });
    cheap.sessions.log_out(&granted.token).await.unwrap();
}

#[tokio::test]
async fn the_check_of_an_ended_session_costs_no_query() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let mut copies = MockSessionCache::new();
    copies.expect_read().times(10).returning(|_| Ok(Some(CachedSession::Ended)));
    let cheap = node(&world, |ports| ports.session_cache = Arc::new(copies));
    for _ in 0..10 {
        assert_eq!(cheap.sessions.check(&granted.token).await, Err(ServiceError::SessionInvalid));
    }
}
