//! Giving logins up.

use saoma_domain::{
    login::{ExpiryReason, LoginState},
    services::{ScanReply, ServiceError},
};

use crate::{
    broken,
    world::{PHONE, START, World, browser, secs},
};

#[tokio::test]
async fn a_login_that_waits_is_cancelled_on_every_node() {
    let world = World::new();
    let scanned = world.unregistered("oAnna").await;
    let waiting = world.start().await.auth;
    for (auth, version) in [(waiting, 2), (scanned, 3)] {
        world.services.cancellation.cancel(&auth).await.unwrap();
        let login = world.node(|_| {}).waiting.look(&auth).await.unwrap();
        let reason = ExpiryReason::Cancelled;
        assert_eq!(login.state, LoginState::Expired { reason, since: START });
        assert_eq!(login.version, version);
        world.login_cache.clear();
        assert_eq!(world.services.waiting.look(&auth).await, Ok(login));
    }
}

#[tokio::test]
async fn a_login_that_is_over_stays_as_it_is() {
    let world = World::new();
    let cancelled = world.unregistered("oAnna").await;
    world.services.cancellation.cancel(&cancelled).await.unwrap();
    let (timed_out, unbound) = (world.start().await.auth, world.unregistered("oBela").await);
    world.pass(secs(600));
    for auth in [cancelled, timed_out, unbound] {
        let before = world.services.waiting.look(&auth).await.unwrap();
        assert_eq!(before.state.name(), "expired");
        assert_eq!(world.services.cancellation.cancel(&auth).await, Ok(()));
        assert_eq!(world.services.waiting.look(&auth).await, Ok(before));
    }
}

#[tokio::test]
async fn a_registered_login_cannot_be_cancelled() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    assert_eq!(world.services.cancellation.cancel(&auth).await, Err(ServiceError::LoginState("registered")));
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&login));
    assert!(world.services.session_issuer.issue(&auth, &login, browser()).await.is_ok());
}

#[tokio::test]
async fn the_database_decides_when_the_cache_is_behind() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let started = world.start().await;
    let cacheless = world.node(|ports| ports.login_cache = broken::login_cache());
    let reply = cacheless.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert!(matches!(reply, ScanReply::LoggedIn { .. }));
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "loop");
    assert_eq!(
        world.services.cancellation.cancel(&started.auth).await,
        Err(ServiceError::LoginState("registered"))
    );
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "registered");
}

#[tokio::test]
async fn a_login_that_is_long_over_is_unknown() {
    let world = World::new();
    let auth = world.start().await.auth;
    world.pass(secs(720));
    assert_eq!(world.services.cancellation.cancel(&auth).await, Err(ServiceError::LoginUnknown));
}
