//! A failure grants no session, and ends none.

use std::sync::Arc;

use saoma_domain::{
    ports::{MockAccounts, MockSessions, StoreError, StoredSession},
    services::ServiceError,
};

use crate::{
    broken::{self, store_error},
    world::{OTHER_PHONE, PHONE, START, World, browser, policy, secs},
};

#[tokio::test]
async fn no_token_is_revealed_without_a_committed_session() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let node = world.node(|ports| ports.sessions = broken::sessions());
    for pause in [secs(0), secs(600)] {
        world.pass(pause);
        assert_eq!(node.session_issuer.issue(&auth, &login, browser()).await.unwrap_err(), store_error());
    }
}

#[tokio::test]
async fn a_session_of_another_token_is_not_issued() {
    let world = World::new();
    let foreign = world.session("oBela", OTHER_PHONE).await;
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let mut sessions = MockSessions::new();
    let opened = StoredSession {
        active: world.stored(&foreign).await,
        token_hash: foreign.token.hash(),
        ended: false,
        displaced: vec![],
        has_news: false,
    };
    sessions.expect_issue().times(1).return_once(|_| Ok(Some(opened)));
    let node = world.node(|ports| ports.sessions = Arc::new(sessions));
    let refused = node.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert_eq!(refused, ServiceError::LoginClosed);
}

#[tokio::test]
async fn a_login_without_its_account_is_closed() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let (mut accounts, mut sessions) = (MockAccounts::new(), MockSessions::new());
    sessions.expect_issue().times(1).returning(|_| Ok(None));
    accounts.expect_account().times(1).returning(|_| Ok(None));
    let node = world.node(|ports| {
        ports.sessions = Arc::new(sessions);
        ports.accounts = Arc::new(accounts);
    });
    let refused = node.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert_eq!(refused, ServiceError::LoginClosed);
}

#[tokio::test]
async fn a_session_that_cannot_be_read_is_an_error() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    world.session_cache.clear();
    let node = world.node(|ports| {
        ports.sessions = broken::sessions();
        ports.accounts = broken::accounts();
    });
    assert_eq!(node.sessions.check(&issued.token).await, Err(store_error()));
    assert_eq!(node.sessions.log_out(&issued.token).await, Err(store_error()));
    assert_eq!(node.sessions.list(&checked).await, Err(store_error()));
    assert_eq!(node.sessions.end(&checked, issued.session.id).await, Err(store_error()));
    assert_eq!(node.sessions.end_all(&checked).await, Err(store_error()));
    assert_eq!(node.accounts.account(issued.account.id).await, Err(store_error()));
    assert!(world.services.sessions.check(&issued.token).await.is_ok(), "nothing was ended");
}

#[tokio::test]
async fn a_use_that_cannot_be_written_down_does_not_slide_the_session() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let mut sessions = MockSessions::new();
    let live = world.stored(&issued).await;
    sessions.expect_find().times(1).return_once(|_| Ok(Some(live)));
    sessions.expect_touch().times(1).returning(|_, _| Err(StoreError::Unavailable("away".to_owned())));
    let node = world.node(|ports| ports.sessions = Arc::new(sessions));
    world.pass(secs(600));
    let checked = node.sessions.check(&issued.token).await.unwrap();
    assert_eq!(checked.expires_at(&policy().session), START.plus(secs(1800)), "it is promised what is kept");
}
