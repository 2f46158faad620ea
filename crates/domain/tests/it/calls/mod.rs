//! What the hot paths cost: how often each asks which port.

mod identification;
mod phones;
mod sessions;

use std::sync::Arc;

use saoma_domain::{
    login::{AuthenticatedLogin, Login},
    ports::{CachedLogin, MockLoginCache, MockLogins},
    services::{Ports, Services},
};

use crate::{
    broken::untouched,
    world::{PHONE, World, keys, policy, request},
};

/// Returns a node that may use the clock and, beyond that, only what it is given.
fn node(world: &World, given: impl FnOnce(&mut Ports)) -> Services {
    let mut ports = Ports { clock: world.clock.clone(), ..untouched() };
    given(&mut ports);
    Services::new(ports, keys(&[1]), policy())
}

/// Returns a cache that is read so often and says this.
fn cache_saying(entry: CachedLogin, times: usize) -> Arc<MockLoginCache> {
    let mut login_cache = MockLoginCache::new();
    login_cache.expect_read().times(times).returning(move |_| Ok(entry.clone()));
    Arc::new(login_cache)
}

async fn looks(node: &Services, auth: &AuthenticatedLogin, times: usize, expected: &Login) {
    for _ in 0..times {
        assert_eq!(node.waiting.look(auth).await.as_ref(), Ok(expected));
    }
}

#[tokio::test]
async fn a_look_at_a_cached_login_costs_one_read_and_no_query() {
    let world = World::new();
    let waiting = world.start().await.auth;
    let cheap = node(&world, |ports| ports.login_cache = cache_saying(CachedLogin::Open, 100));
    looks(&cheap, &waiting, 100, &Login::new(waiting.id())).await;

    let scanned = world.unregistered("oAnna").await;
    let (registered, _) = world.registered("oBela", PHONE).await;
    let cancelled = world.start().await.auth;
    world.services.cancellation.cancel(&cancelled).await.unwrap();
    for auth in [scanned, registered, cancelled] {
        let login = world.committed(&auth).await.unwrap();
        let said = CachedLogin::Outcome(login.clone());
        let cheap = node(&world, |ports| ports.login_cache = cache_saying(said, 10));
        looks(&cheap, &auth, 10, &login).await;
    }
}

#[tokio::test]
async fn a_start_costs_no_query() {
    let world = World::new();
    let cheap = node(&world, |ports| {
        let memory = world.ports();
        ports.random = memory.random;
        ports.limits = memory.limits;
        ports.official_account = memory.official_account;
        let mut login_cache = MockLoginCache::new();
        login_cache.expect_open().times(1).returning(|_, _, _| Ok(()));
        ports.login_cache = Arc::new(login_cache);
    });
    cheap.start.with_qr(request("main")).await.unwrap();
}

#[tokio::test]
async fn a_reconciliation_asks_once_for_all_logins_that_are_looked_at() {
    let world = World::new();
    let mut logins = MockLogins::new();
    logins.expect_find_many().times(1).withf(|ids| ids.len() == 20).returning(|_| Ok(Vec::new()));
    let cheap = node(&world, |ports| {
        ports.login_cache = cache_saying(CachedLogin::Open, 40);
        ports.logins = Arc::new(logins);
    });
    for _ in 0..20 {
        let auth = world.start().await.auth;
        looks(&cheap, &auth, 2, &Login::new(auth.id())).await;
    }
    assert_eq!(cheap.waiting.reconcile().await, Ok(0));
}

#[tokio::test]
async fn a_reconciliation_publishes_nothing_that_the_cache_has() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let login = world.committed(&auth).await.unwrap();
    let (found, mut logins) = (vec![login.clone()], MockLogins::new());
    logins.expect_find_many().times(1).return_once(|_| Ok(found));
    let cheap = node(&world, |ports| {
        ports.login_cache = cache_saying(CachedLogin::Outcome(login.clone()), 1);
        ports.logins = Arc::new(logins);
    });
    looks(&cheap, &auth, 1, &login).await;
    assert_eq!(cheap.waiting.reconcile().await, Ok(0));
}
