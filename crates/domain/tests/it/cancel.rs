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
    let waiting = world.start().await.held;
    for (held, version) in [(waiting, 2), (scanned, 3)] {
        world.services.cancellation.cancel(&held).await.unwrap();
        let login = world.node(|_| {}).waiting.look(&held).await.unwrap();
        let reason = ExpiryReason::Cancelled;
        assert_eq!(login.state, LoginState::Expired { reason, since: START });
        assert_eq!(login.version, version);
        world.login_cache.clear();
        assert_eq!(world.services.waiting.look(&held).await, Ok(login));
    }
}

#[tokio::test]
async fn a_login_that_is_over_stays_as_it_is() {
    let world = World::new();
    let cancelled = world.unregistered("oAnna").await;
    world.services.cancellation.cancel(&cancelled).await.unwrap();
    let (timed_out, unbound) = (world.start().await.held, world.unregistered("oBela").await);
    world.pass(secs(600));
    for held in [cancelled, timed_out, unbound] {
        let before = world.services.waiting.look(&held).await.unwrap();
        assert_eq!(before.state.name(), "expired");
        assert_eq!(world.services.cancellation.cancel(&held).await, Ok(()));
        assert_eq!(world.services.waiting.look(&held).await, Ok(before));
    }
}

#[tokio::test]
async fn a_registered_login_cannot_be_cancelled() {
    let world = World::new();
    let (held, login) = world.registered("oAnna", PHONE).await;
    assert_eq!(world.services.cancellation.cancel(&held).await, Err(ServiceError::LoginState("registered")));
    assert_eq!(world.services.waiting.look(&held).await.as_ref(), Ok(&login));
    assert!(world.services.session_issuer.issue(&held, &login, browser()).await.is_ok());
}

#[tokio::test]
async fn the_ledger_decides_when_the_board_is_behind() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let started = world.start().await;
    let deaf = world.node(|ports| ports.login_cache = broken::login_cache());
    let taken = deaf.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert!(matches!(taken.reply, ScanReply::LoggedIn { .. }));
    assert_eq!(world.services.waiting.look(&started.held).await.unwrap().state.name(), "loop");
    assert_eq!(
        world.services.cancellation.cancel(&started.held).await,
        Err(ServiceError::LoginState("registered"))
    );
    assert_eq!(world.services.waiting.look(&started.held).await.unwrap().state.name(), "registered");
}

#[tokio::test]
async fn a_login_that_is_long_over_is_unknown() {
    let world = World::new();
    let held = world.start().await.held;
    world.pass(secs(720));
    assert_eq!(world.services.cancellation.cancel(&held).await, Err(ServiceError::LoginUnknown));
}
