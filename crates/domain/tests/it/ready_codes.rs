//! QR codes that are made in advance.

use std::sync::Arc;

use saoma_domain::{
    login::{Login, ScenePurpose},
    ports::{CachedLogin, LoginCache, MockLimits, StoreError, WechatError},
    services::{LimitPolicy, Policy, Ports, ReadyCounts, ServiceError, Services, StartLogin, StartedLogin},
};

use crate::world::{START, World, app, client, keys, policy, request, secs, unlimited};

/// Returns a node that has this many codes made in advance.
fn node(world: &World, ready: u32, change: impl FnOnce(&mut Policy)) -> Arc<Services> {
    world.node_with_policy(|policy| {
        policy.codes_ready = [(app("main"), ready)].into();
        policy.limits = unlimited();
        change(policy);
    })
}

/// Lets everything be made that is to be made.
async fn filled(world: &World, node: &Arc<Services>) {
    node.ready_codes.refill();
    run_all(world).await;
}

async fn run_all(world: &World) {
    while world.background.pending() > 0 {
        world.background.run().await.unwrap();
    }
}

fn counts(node: &Services) -> (u64, u64, u64) {
    let ReadyCounts { ready, taken, missed, .. } = node.ready_codes.counts().remove(0);
    (ready, taken, missed)
}

fn web() -> StartLogin {
    let mut start = request("main");
    start.context.purpose = ScenePurpose::default();
    start
}

async fn start(node: &Services) -> StartedLogin {
    node.start.with_qr(web()).await.unwrap()
}

fn away(world: &World, calls: u32) {
    for _ in 0..calls {
        let reason = "no answer".to_owned();
        world.wechat.fail_next(WechatError::Unavailable { reason, retry_after: secs(1) });
    }
}

#[tokio::test]
async fn a_code_that_is_ready_begins_a_login_while_wechat_is_away() {
    let world = World::new();
    let node = node(&world, 3, |_| {});
    filled(&world, &node).await;
    assert_eq!(counts(&node), (3, 0, 0));
    away(&world, 2);
    for _ in 0..3 {
        let started = start(&node).await;
        assert_eq!(started.login, Login::new(started.auth.id()));
        let scene = world.wechat.scene_of(&started.qr.url).unwrap();
        assert_eq!(scene, format!("login:web:{}", started.auth.id()));
    }
    let refused = node.start.with_qr(web()).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Wechat(WechatError::Unavailable { .. })));
    assert_eq!(counts(&node), (0, 3, 1));
}

#[tokio::test]
async fn a_login_with_a_ready_code_goes_on_like_any_other() {
    let world = World::new();
    let node = node(&world, 1, |_| {});
    filled(&world, &node).await;
    world.pass(secs(30));
    let started = start(&node).await;
    assert_eq!(started.auth.id().deadline(), START.plus(secs(120)), "its own deadline");
    assert_eq!(world.login_cache.read(started.auth.id()).await, Ok(CachedLogin::Open));
    assert_eq!(world.login_cache.context(started.auth.id()).await, Ok(Some(web().context)));
    world.scan(&started, "oAnna").await;
    assert_eq!(node.waiting.look(&started.auth).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn a_code_is_given_out_once() {
    let world = World::new();
    let node = node(&world, 20, |_| {});
    filled(&world, &node).await;
    let mut ids = std::collections::HashSet::new();
    for _ in 0..30 {
        ids.insert(start(&node).await.auth.id());
    }
    assert_eq!(ids.len(), 30);
}

#[tokio::test]
async fn a_client_gets_two_thirds_of_a_codes_time_at_the_least() {
    let world = World::new();
    let node = node(&world, 2, |_| {});
    filled(&world, &node).await;
    world.pass(secs(40));
    assert_eq!(counts(&node).0, 2);
    world.pass(secs(1));
    assert_eq!(counts(&node).0, 0);
    let started = start(&node).await;
    assert_eq!(started.auth.id().deadline(), world.now().plus(secs(120)), "made anew");
    run_all(&world).await;
    assert_eq!(counts(&node), (2, 0, 1));
}

#[tokio::test]
async fn a_taken_code_is_replaced_and_no_more_is_made() {
    let world = World::new();
    let node = node(&world, 2, |_| {});
    filled(&world, &node).await;
    start(&node).await;
    run_all(&world).await;
    for _ in 0..5 {
        filled(&world, &node).await;
    }
    assert_eq!(counts(&node), (2, 1, 0));
    assert_eq!(world.wechat.codes(), 3);
}

#[tokio::test]
async fn codes_that_nobody_takes_use_a_quarter_of_the_days_codes_at_the_most() {
    let world = World::new();
    let node = node(&world, 10, |policy| policy.limits.logins_per_day = 9600);
    for _ in 0..24 * 60 {
        filled(&world, &node).await;
        world.pass(secs(60));
    }
    let made = world.wechat.codes();
    assert!((2400..=2500).contains(&made), "{made}");
}

#[tokio::test]
async fn codes_made_in_advance_count_as_the_days_codes_and_are_not_counted_twice() {
    let world = World::new();
    let limits = LimitPolicy { logins_per_day: 960, ..unlimited() };
    let node = node(&world, 10, |policy| policy.limits = limits);
    let mut started = 0;
    while node.start.with_qr(web()).await.is_ok() {
        run_all(&world).await;
        started += 1;
        assert!(started <= 960);
    }
    assert_eq!(started, 864, "nine tenths; the rest is kept for networks that logged in before");
    assert_eq!(world.wechat.codes(), 864);
}

#[tokio::test]
async fn the_limits_on_a_client_hold_for_ready_codes() {
    let world = World::new();
    let limits = LimitPolicy { logins_per_ip_burst: 2, logins_per_ip_per_min: 1, ..unlimited() };
    let node = node(&world, 5, |policy| policy.limits = limits);
    filled(&world, &node).await;
    start(&node).await;
    start(&node).await;
    run_all(&world).await;
    let refused = node.start.with_qr(web()).await.unwrap_err();
    assert!(matches!(refused, ServiceError::RateLimited { .. }));
    assert_eq!(counts(&node), (5, 2, 0), "a refused client takes none");
    assert!(node.start.with_qr(StartLogin { client: client("198.51.100.1"), ..web() }).await.is_ok());
}

#[tokio::test]
async fn a_purpose_has_ready_codes_once_clients_ask_for_it_but_only_five_have() {
    let world = World::new();
    let node = node(&world, 2, |_| {});
    filled(&world, &node).await;
    for name in ["tv", "a", "b", "c", "d", "e"] {
        let mut start = web();
        start.context.purpose = ScenePurpose::parse(name).unwrap();
        node.start.with_qr(start).await.unwrap();
        run_all(&world).await;
    }
    assert_eq!(counts(&node), (10, 0, 6));
    world.pass(secs(3600));
    filled(&world, &node).await;
    assert_eq!(counts(&node).0, 2, "only the default one is left after an hour");
}

#[tokio::test]
async fn a_wechat_that_is_away_is_asked_again_once_a_second_for_one_code() {
    let world = World::new();
    let node = node(&world, 20, |_| {});
    away(&world, 20);
    filled(&world, &node).await;
    for _ in 0..10 {
        filled(&world, &node).await;
    }
    assert_eq!((counts(&node).0, world.wechat.failures_left()), (0, 12), "eight at first");
    world.pass(secs(1));
    for _ in 0..10 {
        filled(&world, &node).await;
    }
    assert_eq!(world.wechat.failures_left(), 11);
    while world.wechat.failures_left() > 0 {
        world.pass(secs(1));
        filled(&world, &node).await;
    }
    world.pass(secs(1));
    filled(&world, &node).await;
    assert_eq!(counts(&node).0, 20, "all at once when WeChat is back");
}

#[tokio::test]
async fn work_that_is_lost_leaves_no_gap() {
    let world = World::new();
    let node = node(&world, 3, |_| {});
    node.ready_codes.refill();
    world.background.lose();
    filled(&world, &node).await;
    assert_eq!(counts(&node).0, 3);
}

#[tokio::test]
async fn a_spare_code_that_cannot_be_counted_is_not_made() {
    let world = World::new();
    let mut limits = MockLimits::new();
    limits.expect_is_counted().returning(|_, _| Ok(false));
    limits.expect_take().returning(|_, _| Err(StoreError::Unavailable("away".to_owned())));
    let policy = Policy { codes_ready: [(app("main"), 2)].into(), ..policy() };
    let ports = Ports { limits: Arc::new(limits), ..world.ports() };
    let node = Arc::new(Services::new(ports, keys(&[1]), policy));
    filled(&world, &node).await;
    assert_eq!(world.wechat.codes(), 0);
    start(&node).await;
}

#[tokio::test]
async fn no_code_is_made_in_advance_unless_it_is_asked_for() {
    let world = World::new();
    world.services.ready_codes.refill();
    world.start().await;
    assert_eq!((world.background.pending(), world.services.ready_codes.counts()), (0, vec![]));
}
