//! Outcomes that did not reach the login cache.

use tokio::{join, time::sleep};

use crate::{
    broken,
    wait::paused_world,
    world::{START, secs},
};

#[tokio::test(start_paused = true)]
async fn an_outcome_that_did_not_reach_the_cache_is_found_by_the_reconciliation() {
    let world = paused_world();
    let started = world.start().await;
    let cacheless = world.node(|ports| ports.login_cache = broken::login_cache());
    let scan_and_reconcile = async {
        sleep(secs(33)).await;
        cacheless.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
        sleep(secs(4)).await;
        assert_eq!(world.services.waiting.reconcile().await, Ok(1));
    };
    let (notified, ()) = join!(world.services.waiting.wait(&started.auth, 1, secs(60)), scan_and_reconcile);
    assert_eq!(notified.unwrap().state.name(), "unregistered");
    assert_eq!(world.now(), START.plus(secs(37)));
}

#[tokio::test(start_paused = true)]
async fn a_client_reads_no_older_version_than_before() {
    let world = paused_world();
    let started = world.start().await;
    let elsewhere = world.node(|ports| ports.login_cache = broken::login_cache());
    elsewhere.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().version, 1, "this cache is behind");
    assert_eq!(world.services.waiting.look_since(&started.auth, 1).await.unwrap().version, 1);
    assert_eq!(world.services.waiting.look_since(&started.auth, 2).await.unwrap().version, 2);
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().version, 2, "and is put right");
}

#[tokio::test(start_paused = true)]
async fn a_wait_on_a_cache_that_is_behind_begins_with_what_was_seen() {
    let world = paused_world();
    let started = world.start().await;
    let elsewhere = world.node(|ports| ports.login_cache = broken::login_cache());
    elsewhere.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    let waited = world.services.waiting.wait(&started.auth, 2, secs(1)).await.unwrap();
    assert_eq!((waited.version, waited.state.name()), (2, "unregistered"));
}

#[tokio::test(start_paused = true)]
async fn the_reconciliation_forgets_logins_that_no_client_waits_for() {
    let world = paused_world();
    let started = world.start().await;
    world.services.waiting.look(&started.auth).await.unwrap();
    let cacheless = world.node(|ports| ports.login_cache = broken::login_cache());
    cacheless.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    sleep(secs(16)).await;
    assert_eq!(world.services.waiting.reconcile().await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn before_a_login_expires_for_its_client_the_database_is_asked() {
    let world = paused_world();
    let started = world.start().await;
    let cacheless = world.node(|ports| ports.login_cache = broken::login_cache());
    cacheless.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    let login = world.services.waiting.wait(&started.auth, 1, secs(300)).await.unwrap();
    assert_eq!(login.state.name(), "unregistered");
    assert_eq!(world.now().as_secs(), started.auth.id().deadline().as_secs());
}
