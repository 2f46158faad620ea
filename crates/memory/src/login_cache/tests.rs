use std::{sync::Arc, time::Duration};

use saoma_contract::values::{at, login};
use saoma_domain::{
    login::{ExpiryReason, Login, LoginId, LoginState},
    ports::{CachedLogin, LoginCache, LoginNotifier, StoreError},
    time::Timestamp,
};

use super::{LoginCacheCapacity, MemoryLoginCache};
use saoma_testing::ManualClock;

fn login_cache(logins: usize, waiters: usize) -> (MemoryLoginCache, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(at(0)));
    (
        MemoryLoginCache::new(
            clock.clone(),
            LoginCacheCapacity { bytes: logins * LoginCacheCapacity::LOGIN_BYTES, waiters },
        ),
        clock,
    )
}

fn outcome(id: LoginId) -> Login {
    Login { id, version: 2, state: LoginState::Expired { reason: ExpiryReason::Denied, since: at(0) } }
}

async fn open(login_cache: &MemoryLoginCache, number: u64, until: Timestamp) -> Result<(), StoreError> {
    login_cache.open(login(number), None, until).await
}

#[tokio::test]
async fn a_full_cache_refuses_new_logins_and_goes_on_with_the_old() {
    let (login_cache, clock) = login_cache(3, 1);
    for number in 0..3 {
        open(&login_cache, number, at(10)).await.unwrap();
    }
    assert!(matches!(open(&login_cache, 3, at(10)).await, Err(StoreError::Unavailable(_))));
    open(&login_cache, 2, at(10)).await.unwrap();
    login_cache.publish(&outcome(login(2)), at(10)).await.unwrap();
    assert_eq!(login_cache.read(login(2)).await, Ok(CachedLogin::Outcome(outcome(login(2)))));

    clock.set(at(11));
    open(&login_cache, 3, at(20)).await.unwrap();
    login_cache.logins.remove_expired(at(11), usize::MAX);
    assert_eq!(login_cache.logins.len(), 1, "the others had expired and gave their room back");
}

#[tokio::test]
async fn the_client_of_an_outcome_that_finds_no_room_is_notified() {
    let (login_cache, _) = login_cache(0, 1);
    let mut client = login_cache.subscribe(login(1)).await.unwrap();
    assert!(login_cache.publish(&outcome(login(1)), at(10)).await.is_err());
    tokio::time::timeout(Duration::from_secs(5), client.notified(Duration::from_secs(60))).await.unwrap();
}

#[tokio::test]
async fn writes_remove_what_has_expired() {
    let (login_cache, clock) = login_cache(100_000, 1);
    for number in 0..20_000_u64 {
        clock.set(at(number / 100));
        open(&login_cache, number, at(number / 100 + 10)).await.unwrap();
    }
    // The logins of ten seconds are valid, and a part that has no writes keeps a few expired ones.
    let held = login_cache.logins.len();
    assert!((1000..2000).contains(&held), "{held}");
    clock.set(at(1000));
    login_cache.logins.remove_expired(at(1000), usize::MAX);
    assert_eq!(login_cache.logins.len(), 0);
}

#[tokio::test]
async fn an_expired_login_can_be_cached_again() {
    let (login_cache, clock) = login_cache(1, 1);
    open(&login_cache, 1, at(10)).await.unwrap();
    clock.set(at(10));
    assert_eq!(login_cache.read(login(1)).await, Ok(CachedLogin::Absent));
    login_cache.publish(&outcome(login(1)), at(20)).await.unwrap();
    assert_eq!(login_cache.read(login(1)).await, Ok(CachedLogin::Outcome(outcome(login(1)))));
    assert_eq!(login_cache.logins.len(), 1);
}

#[tokio::test]
async fn a_cleared_cache_keeps_the_waiting_clients() {
    let (login_cache, _) = login_cache(1, 1);
    open(&login_cache, 1, at(10)).await.unwrap();
    let mut client = login_cache.subscribe(login(1)).await.unwrap();
    login_cache.clear();
    assert_eq!(login_cache.read(login(1)).await, Ok(CachedLogin::Absent));
    login_cache.publish(&outcome(login(1)), at(10)).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), client.notified(Duration::from_secs(60))).await.unwrap();
}
