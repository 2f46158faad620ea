//! Looking at a login and waiting for it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    login::{ExpiryReason, Login, LoginState},
    ports::{CachedLogin, Clock, LoginCache, MockLoginCache, MockLoginNotifier, MockLogins, Subscription},
    services::ServiceError,
    time::Timestamp,
};
use tokio::{
    join,
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::world::{PHONE, START, World, millis, secs};

/// A clock that goes with the runtime's paused time, so that waiting takes none.
pub(crate) struct RuntimeClock(Instant);

impl Clock for RuntimeClock {
    fn now(&self) -> Timestamp {
        START.plus(self.0.elapsed())
    }
}

pub(crate) fn paused_world() -> World<RuntimeClock> {
    World::with_clock(RuntimeClock(Instant::now()))
}

fn timed_out(login: &Login) -> bool {
    matches!(login.state, LoginState::Expired { reason: ExpiryReason::Timeout, .. })
}

#[tokio::test(start_paused = true)]
async fn a_scan_notifies_all_clients_that_wait() {
    let world = paused_world();
    let started = world.start().await;
    let scan = async {
        sleep(secs(3)).await;
        world.scan(&started, "oAnna").await;
    };
    let wait = || world.services.waiting.wait(&started.auth, 1, secs(60));
    let (first, second, ()) = join!(wait(), wait(), scan);
    assert_eq!(first.unwrap().state.name(), "unregistered");
    assert_eq!(second.unwrap().version, 2);
    assert_eq!(world.now(), START.plus(secs(3)), "without delay");
}

#[tokio::test(start_paused = true)]
async fn a_scan_notifies_a_client_although_the_cache_was_emptied() {
    let world = paused_world();
    let started = world.start().await;
    let scan = async {
        sleep(secs(3)).await;
        world.login_cache.clear();
        world.scan(&started, "oAnna").await;
    };
    let (notified, ()) = join!(world.services.waiting.wait(&started.auth, 1, secs(60)), scan);
    assert_eq!(notified.unwrap().version, 2);
    assert_eq!(world.now(), START.plus(secs(3)));
}

#[tokio::test(start_paused = true)]
async fn news_are_answered_at_once() {
    let world = paused_world();
    let auth = world.start().await.auth;
    assert_eq!(world.services.waiting.wait(&auth, 0, secs(60)).await.unwrap().version, 1);
    let auth = world.unregistered("oAnna").await;
    assert_eq!(world.services.waiting.wait(&auth, 1, secs(60)).await.unwrap().version, 2);
    world.services.cancellation.cancel(&auth).await.unwrap();
    assert!(world.services.waiting.wait(&auth, 99, secs(60)).await.unwrap().state.is_final());
    assert_eq!(world.now(), START);
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_when_its_time_is_up() {
    let world = paused_world();
    let auth = world.start().await.auth;
    for (at_most, end) in [(secs(0), secs(0)), (secs(25), secs(25)), (millis(700), millis(25_700))] {
        assert_eq!(world.services.waiting.wait(&auth, 1, at_most).await, Ok(Login::new(auth.id())));
        let late = world.now().saturating_duration_since(START.plus(end));
        assert!(world.now() >= START.plus(end) && late < millis(10), "{late:?} late");
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_that_expires_meanwhile_ends_the_wait() {
    let world = paused_world();
    let auth = world.start().await.auth;
    assert!(timed_out(&world.services.waiting.wait(&auth, 1, secs(600)).await.unwrap()));
    let late = |since: Timestamp| world.now() >= since && world.now() < since.plus(secs(1));
    assert!(late(auth.id().deadline()));

    let auth = world.unregistered("oAnna").await;
    let scanned = world.now();
    let ended = world.services.waiting.wait(&auth, 2, secs(3600)).await.unwrap();
    assert!(timed_out(&ended) && ended.version == 3);
    assert!(late(scanned.plus(secs(600))));
}

/// A subscription that no notification reaches.
struct Deaf;

#[async_trait]
impl Subscription for Deaf {
    async fn notified(&mut self, at_most: Duration) -> bool {
        sleep(at_most).await;
        true
    }
}

/// A subscription that no notification reaches because there is none.
struct Quiet;

#[async_trait]
impl Subscription for Quiet {
    async fn notified(&mut self, at_most: Duration) -> bool {
        sleep(at_most).await;
        false
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_would_hear_of_news_reads_at_the_beginning_and_at_the_end_and_is_reconciled_meanwhile()
{
    let world = paused_world();
    let auth = world.start().await.auth;
    let (mut notifier, mut login_cache, mut logins) =
        (MockLoginNotifier::new(), MockLoginCache::new(), MockLogins::new());
    notifier.expect_subscribe().times(1).returning(|_| Ok(Box::new(Quiet)));
    login_cache.expect_read().times(2).returning(|_| Ok(CachedLogin::Open));
    let id = auth.id();
    logins.expect_find_many().times(5).withf(move |ids| ids == [id]).returning(|_| Ok(vec![]));
    let node = world.node(|ports| {
        ports.notifier = Arc::new(notifier);
        ports.login_cache = Arc::new(login_cache);
        ports.logins = Arc::new(logins);
    });
    let reconcile = async {
        for _ in 0..5 {
            sleep(secs(11)).await;
            node.waiting.reconcile().await.unwrap();
        }
    };
    let (waited, ()) = join!(node.waiting.wait(&auth, 1, secs(60)), reconcile);
    assert_eq!(waited, Ok(Login::new(id)));
}

#[tokio::test(start_paused = true)]
async fn a_lost_notification_costs_five_seconds() {
    let world = paused_world();
    let started = world.start().await;
    let mut notifier = MockLoginNotifier::new();
    notifier.expect_subscribe().times(1).returning(|_| Ok(Box::new(Deaf)));
    let node = world.node(|ports| ports.notifier = Arc::new(notifier));
    let scan = async {
        sleep(secs(1)).await;
        world.scan(&started, "oAnna").await;
    };
    let (notified, ()) = join!(node.waiting.wait(&started.auth, 1, secs(60)), scan);
    assert_eq!(notified.unwrap().version, 2);
    assert!((secs(4)..=secs(5)).contains(&world.now().saturating_duration_since(START)));
}

#[tokio::test(start_paused = true)]
async fn clients_whose_time_is_up_together_are_told_one_after_the_other() {
    let world = paused_world();
    let mut clients = JoinSet::new();
    let began = Instant::now();
    for _ in 0..25 {
        let (auth, node) = (world.start().await.auth, world.node(|_| ()));
        clients.spawn(async move {
            assert!(timed_out(&node.waiting.wait(&auth, 1, secs(600)).await.unwrap()));
            began.elapsed()
        });
    }
    let mut told = clients.join_all().await;
    told.sort_unstable();
    assert!(told[24] - told[0] <= secs(1), "{told:?}");
    let half_at_once = told.windows(13).any(|half| half[12] - half[0] < secs(1) / 10);
    assert!(!half_at_once, "half of them are told within a tenth of that second: {told:?}");
}

#[tokio::test]
async fn a_login_that_is_long_over_is_unknown() {
    let world = World::new();
    let auth = world.start().await.auth;
    for emptied in [false, true] {
        if emptied {
            world.login_cache.clear();
        }
        world.clock.set(auth.id().deadline().plus(secs(600) - millis(1)));
        let ended = world.services.waiting.look(&auth).await.unwrap();
        assert!(timed_out(&ended) && ended.version == 2);
        world.pass(millis(1));
        assert_eq!(world.services.waiting.look(&auth).await, Err(ServiceError::LoginUnknown));
        assert_eq!(world.services.waiting.wait(&auth, 1, secs(60)).await, Err(ServiceError::LoginUnknown));
    }
}

#[tokio::test]
async fn an_outcome_outlives_the_cache_and_the_node() {
    let mut world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    world.login_cache.clear();
    world.services = world.node(|_| {});
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&login));
    assert_eq!(
        world.login_cache.read(auth.id()).await,
        Ok(CachedLogin::Outcome(login)),
        "the next look is cheap"
    );
    let waiting = world.start().await.auth;
    world.login_cache.clear();
    assert_eq!(world.services.waiting.look(&waiting).await, Ok(Login::new(waiting.id())));
    assert_eq!(world.login_cache.read(waiting.id()).await, Ok(CachedLogin::Open));
}
