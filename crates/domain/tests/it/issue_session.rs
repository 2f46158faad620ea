//! Issuing sessions.

use std::{collections::BTreeSet, sync::Arc};

use saoma_domain::{
    login::{Login, LoginState},
    ports::{Accounts, AuditKind, AuditTrail, LoginCache, Sessions},
    services::ServiceError,
};
use tokio::{sync::Barrier, task::JoinSet};

use crate::world::{OTHER_PHONE, PHONE, START, World, browser, millis, secs};

#[tokio::test]
async fn the_same_poll_token_gets_the_same_session() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let first = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(first.account, world.account_of(&login).await);
    assert_eq!((first.session.login, first.session.account), (auth.id(), first.account.id));
    assert_eq!((first.session.client_info.clone(), first.session.created_at), (browser(), START));
    assert_eq!(first.expires_at, START.plus(secs(1800)));

    world.pass(secs(60) - millis(1));
    let elsewhere = world.node(|_| {});
    let again = elsewhere.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!((again.token.reveal(), &again.session), (first.token.reveal(), &first.session));
    let checked = world.services.sessions.check(&first.token).await.unwrap();
    assert_eq!(checked.account, first.account);
}

#[tokio::test]
async fn a_login_is_closed_after_the_time_to_issue_its_session_and_the_session_lives_on() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    world.pass(secs(60));
    let closed = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert_eq!(closed, ServiceError::LoginClosed);
    assert!(world.services.sessions.check(&issued.token).await.is_ok());
}

#[tokio::test]
async fn who_logged_out_does_not_get_the_session_again() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    world.services.sessions.log_out(&issued.token).await.unwrap();
    let closed = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert_eq!(closed, ServiceError::LoginClosed);
    assert_eq!(world.services.sessions.check(&issued.token).await, Err(ServiceError::SessionInvalid));
    assert!(world.database.list(issued.account.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_cached_outcome_that_the_database_does_not_know_opens_no_session() {
    let world = World::new();
    let account = world.session("oAnna", PHONE).await.account.id;
    let bert = world.unregistered("oBert").await;
    for auth in [world.start().await.auth, bert] {
        let state = LoginState::Registered { account, since: START, collect_by: START.plus(secs(600)) };
        let forged = Login { id: auth.id(), version: 9, state };
        world.login_cache.publish(&forged, START.plus(secs(600))).await.unwrap();
        let looked = world.services.waiting.look(&auth).await.unwrap();
        assert_eq!(looked, forged, "it is read in the cache");
        let refused = world.services.session_issuer.issue(&auth, &looked, browser()).await.unwrap_err();
        assert_eq!(refused, ServiceError::LoginClosed);
    }
    assert_eq!(world.database.list(account).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_is_logged_in_to_a_disabled_account() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let account = world.account_of(&login).await.id;
    world.database.set_disabled(account, true).await.unwrap();
    let refused = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert_eq!(refused, ServiceError::AccountDisabled);
    assert!(world.database.list(account).await.unwrap().is_empty());
    world.database.set_disabled(account, false).await.unwrap();
    assert!(world.services.session_issuer.issue(&auth, &login, browser()).await.is_ok());
}

#[tokio::test]
async fn only_a_registered_login_has_a_session() {
    let world = World::new();
    let auth = world.start().await.auth;
    for state in ["loop", "expired"] {
        let login = world.services.waiting.look(&auth).await.unwrap();
        let refused = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
        assert_eq!(refused, ServiceError::LoginState(state));
        world.services.cancellation.cancel(&auth).await.unwrap();
    }
    let auth = world.unregistered("oAnna").await;
    let login = world.services.waiting.look(&auth).await.unwrap();
    let refused = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert_eq!(refused, ServiceError::LoginState("unregistered"));
}

#[tokio::test]
async fn a_session_is_collected_in_time_or_never() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let (late_held, late) = world.registered("oBela", OTHER_PHONE).await;
    world.pass(secs(600) - millis(1));
    let first = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    world.pass(millis(1));
    let refused = world.services.session_issuer.issue(&late_held, &late, browser()).await.unwrap_err();
    assert_eq!(refused, ServiceError::LoginClosed);

    world.pass(secs(59));
    let again = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(
        again.token.reveal(),
        first.token.reveal(),
        "issued again, though it is too late for a first time"
    );
    world.services.sessions.log_out(&first.token).await.unwrap();
    assert!(world.services.session_issuer.issue(&auth, &login, browser()).await.is_err());
}

#[tokio::test]
async fn the_same_session_is_issued_whichever_key_of_the_ring_signs() {
    let world = World::new();
    for (person, phone, late) in [("oAnna", PHONE, secs(0)), ("oBela", OTHER_PHONE, secs(599))] {
        let (auth, login) = world.registered(person, phone).await;
        world.pass(late);
        let first = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
        world.pass(secs(1));
        let rotated = world.node_with_keys(&[2, 1]);
        let again = rotated.session_issuer.issue(&auth, &login, browser()).await.unwrap();
        assert_eq!((again.token.reveal(), again.session), (first.token.reveal(), first.session));
        let without = world.node_with_keys(&[2]);
        let closed = without.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
        assert_eq!(closed, ServiceError::LoginClosed, "a key that is gone opens nothing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_polls_on_many_nodes_get_one_session() {
    const POLLS: usize = 32;
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let together = Arc::new(Barrier::new(POLLS));
    let mut polls = JoinSet::new();
    for _ in 0..POLLS {
        let (node, auth, together) = (world.node(|_| {}), auth.clone(), together.clone());
        polls.spawn(async move {
            together.wait().await;
            let login = node.waiting.look(&auth).await.unwrap();
            let issued = node.session_issuer.issue(&auth, &login, browser()).await.unwrap();
            (issued.token.reveal().to_string(), issued.session.id)
        });
    }
    let answers: BTreeSet<_> = polls.join_all().await.into_iter().collect();
    assert_eq!(answers.len(), 1);
    let account = world.account_of(&login).await.id;
    assert_eq!(world.database.list(account).await.unwrap().len(), 1);
    let trail = world.database.entries(account, 100).await.unwrap();
    let opened = trail.iter().filter(|entry| entry.kind == AuditKind::SessionCreated).count();
    assert_eq!(opened, 1);
}
