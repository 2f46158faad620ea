use std::{sync::Arc, time::Duration};

use saoma_contract::values::{at, login, login_id};
use saoma_domain::{
    login::{ExpiryReason, Login, LoginId, LoginState},
    ports::{CachedLogin, LoginCache, LoginNotifier, StoreError},
    time::Timestamp,
};

use super::{LoginCacheCapacity, MemoryLoginCache};
use saoma_testing::ManualClock;

fn login_cache(logins: usize, waiters: usize) -> (MemoryLoginCache, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(at(0)));
    (MemoryLoginCache::new(clock.clone(), LoginCacheCapacity { logins, waiters }), clock)
}

fn outcome(id: LoginId) -> Login {
    Login { id, version: 2, state: LoginState::Expired { reason: ExpiryReason::Denied, since: at(0) } }
}

fn subscribers(login_cache: &MemoryLoginCache) -> usize {
    login_cache.inner.shards.each().map(|shard| shard.subscribers.len()).sum()
}

async fn open(login_cache: &MemoryLoginCache, number: u64, until: Timestamp) -> Result<(), StoreError> {
    login_cache.open(login(number), None, until).await
}

#[tokio::test]
async fn a_full_board_refuses_new_logins_and_goes_on_with_the_old() {
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
    login_cache.reconcile(at(11), usize::MAX);
    assert_eq!(login_cache.inner.logins.taken(), 1, "the others were over, and gave their places back");
}

#[tokio::test]
async fn who_waits_for_an_outcome_that_finds_no_room_is_woken() {
    let (login_cache, _) = login_cache(0, 1);
    let mut waiter = login_cache.subscribe(login(1)).await.unwrap();
    assert!(login_cache.publish(&outcome(login(1)), at(10)).await.is_err());
    tokio::time::timeout(Duration::from_secs(5), waiter.notified(Duration::from_secs(60))).await.unwrap();
}

#[tokio::test]
async fn busy_writers_never_fall_behind() {
    let (login_cache, clock) = login_cache(100_000, 1);
    for number in 0..20_000_u64 {
        clock.set(at(number / 100));
        open(&login_cache, number, at(number / 100 + 10)).await.unwrap();
    }
    // Ten seconds' worth lives, and a shard that nobody writes to keeps a little of what is over.
    let held = login_cache.inner.logins.taken();
    assert!((1000..2000).contains(&held), "{held}");
    clock.set(at(1000));
    login_cache.reconcile(at(1000), usize::MAX);
    assert_eq!(login_cache.inner.logins.taken(), 0);
}

#[tokio::test]
async fn a_login_that_was_over_can_be_put_up_again() {
    let (login_cache, clock) = login_cache(1, 1);
    open(&login_cache, 1, at(10)).await.unwrap();
    clock.set(at(10));
    assert_eq!(login_cache.read(login(1)).await, Ok(CachedLogin::Absent));
    login_cache.publish(&outcome(login(1)), at(20)).await.unwrap();
    assert_eq!(login_cache.read(login(1)).await, Ok(CachedLogin::Outcome(outcome(login(1)))));
    assert_eq!(login_cache.inner.logins.taken(), 1);
}

#[tokio::test]
async fn a_cleared_board_knows_nothing_but_its_waiters() {
    let (login_cache, _) = login_cache(1, 1);
    open(&login_cache, 1, at(10)).await.unwrap();
    let mut waiter = login_cache.subscribe(login(1)).await.unwrap();
    login_cache.clear();
    assert_eq!(login_cache.read(login(1)).await, Ok(CachedLogin::Absent));
    login_cache.publish(&outcome(login(1)), at(10)).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), waiter.notified(Duration::from_secs(60))).await.unwrap();
}

#[tokio::test]
async fn no_more_wait_than_there_is_room_for() {
    let (login_cache, _) = login_cache(1, 2);
    let first = login_cache.subscribe(login(1)).await.unwrap();
    let second = login_cache.subscribe(login(1)).await.unwrap();
    assert!(matches!(login_cache.subscribe(login(2)).await, Err(StoreError::Unavailable(_))));
    drop(first);
    let third = login_cache.subscribe(login(2)).await.unwrap();
    assert_eq!(subscribers(&login_cache), 2);
    drop((second, third));
    assert_eq!(
        (subscribers(&login_cache), login_cache.inner.waiters.taken()),
        (0, 0),
        "nothing is left of them"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_lasts_as_long_as_it_was_asked_to() {
    let (login_cache, _) = login_cache(1, 1);
    let mut waiter = login_cache.subscribe(login(1)).await.unwrap();
    let start = tokio::time::Instant::now();
    waiter.notified(Duration::from_secs(25)).await;
    assert_eq!(start.elapsed(), Duration::from_secs(25));
    login_cache.publish(&outcome(login_id(2, at(9))), at(10)).await.unwrap();
    waiter.notified(Duration::from_secs(25)).await;
    assert_eq!(start.elapsed(), Duration::from_secs(50), "another login's outcome is none of its business");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_thousand_waiters_are_woken_without_a_loss() {
    const WAITERS: u64 = 20_000;
    let (login_cache, _) = login_cache(100_000, 100_000);
    let login_cache = Arc::new(login_cache);
    let mut tasks = Vec::new();
    for number in 0..WAITERS {
        let mut waiter = login_cache.subscribe(login(number / 2)).await.unwrap();
        tasks.push(tokio::spawn(async move {
            tokio::time::timeout(Duration::from_secs(60), waiter.notified(Duration::from_secs(600))).await
        }));
    }
    for number in 0..WAITERS / 2 {
        login_cache.publish(&outcome(login(number)), at(10)).await.unwrap();
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(subscribers(&login_cache), 0);
}
