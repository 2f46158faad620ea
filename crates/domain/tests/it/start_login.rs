//! Starting a login.

use std::sync::Arc;

use saoma_domain::{
    login::{Login, LoginScene, PollToken, ScenePurpose},
    ports::{CachedLogin, LoginCache, MockLoginCache, WechatError},
    services::{LimitPolicy, ServiceError, Services, StartLogin},
};
use saoma_testing::SeededRandom;

use crate::{
    broken,
    channels::{REDIRECT_URI, site_request},
    world::{PHONE, START, World, app, client, keys, request, secs, unlimited},
};

#[tokio::test]
async fn a_code_carries_the_purpose_and_the_id() {
    let world = World::new();
    let started = world.start().await;
    let scene = world.wechat.scene_of(&started.qr.url).unwrap();
    assert_eq!(scene, format!("login:pc-web:{}", started.auth.id()));
    assert_eq!(started.login, Login::new(started.auth.id()));
    assert_eq!(started.auth.id().deadline(), START.plus(secs(120)));
    assert_eq!(started.qr.lifetime, secs(180), "a late scan still gets an answer");
    assert_eq!(world.login_cache.read(started.auth.id()).await, Ok(CachedLogin::Open));
    assert_eq!(world.login_cache.context(started.auth.id()).await, Ok(Some(request("main").context)));
    assert_eq!(world.committed(&started.auth).await, None, "a login that is not scanned costs no row");
}

#[tokio::test]
async fn the_longest_purpose_fits_into_a_scene() {
    let world = World::new();
    let mut start = request("main");
    start.context.purpose = ScenePurpose::parse("a-very-long-name").unwrap();
    let started = world.services.start.with_qr(start.clone()).await.unwrap();
    let scene = world.wechat.scene_of(&started.qr.url).unwrap();
    assert!(scene.len() <= 64, "{scene}");
    let read = LoginScene::verify(&scene, &keys(&[1])).unwrap();
    assert_eq!((read.purpose, read.id), (start.context.purpose, started.auth.id()));
}

#[tokio::test]
async fn a_client_that_starts_too_many_is_told_when_to_come_back() {
    let world = World::new();
    for _ in 0..30 {
        world.start().await;
    }
    let refused = world.services.start.with_qr(request("main")).await.unwrap_err();
    assert_eq!(refused, ServiceError::RateLimited { retry_after: secs(3) });

    let neighbour = StartLogin { client: client("192.0.2.8"), ..request("main") };
    assert!(world.services.start.with_qr(neighbour).await.is_ok());
    world.pass(secs(3));
    world.start().await;
    assert!(world.services.start.with_qr(request("main")).await.is_err(), "one came back, not more");
}

#[tokio::test]
async fn the_clients_of_a_network_start_two_hundred_logins_a_minute_together() {
    let world = World::new();
    for (of_network, other) in [("192.0.2.", "192.0.3.1"), ("2001:db8:1::", "2001:db8:2::")] {
        let from = async |address: &str| {
            world.services.start.with_qr(StartLogin { client: client(address), ..request("main") }).await
        };
        // Twenty from each address, or from each network of 64 bits.
        for number in (1..=10).cycle().take(200) {
            let address = of_network.replace("::", &format!(":{number}::1"));
            let address = if address == of_network { format!("{address}{number}") } else { address };
            from(&address).await.unwrap();
        }
        let refused = from(&format!("{of_network}99")).await.unwrap_err();
        assert_eq!(refused, ServiceError::RateLimited { retry_after: secs(60) });
        assert!(from(other).await.is_ok(), "another network is not concerned");
    }
}

/// Starts a login from an address on a node, and says whether it may.
async fn may_start(node: &Services, app: &str, address: &str) -> bool {
    node.start.with_qr(StartLogin { client: client(address), ..request(app) }).await.is_ok()
}

#[tokio::test]
async fn a_tenth_of_the_days_codes_is_kept_for_networks_that_logged_in_before() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| {
        policy.limits = LimitPolicy { logins_per_day: 20, ..unlimited() };
    });
    world.session("oAnna", PHONE).await;
    for _ in 1..18 {
        assert!(may_start(&world.services, "main", "203.0.113.1").await);
    }
    assert!(!may_start(&world.services, "main", "203.0.113.1").await, "a stranger");
    assert!(may_start(&world.services, "shop", "203.0.113.1").await, "each app has its own codes");
    for _ in 0..2 {
        assert!(may_start(&world.services, "main", "192.0.2.99").await, "a neighbour of Anna's");
    }
    assert!(!may_start(&world.services, "main", "192.0.2.99").await, "the day's codes are used up");
    for _ in 0..30 {
        world.services.start.with_oauth(site_request(), REDIRECT_URI).await.unwrap();
    }
    world.pass(secs(24 * 3600));
    assert!(may_start(&world.services, "main", "203.0.113.1").await);
}

#[tokio::test]
async fn limits_that_are_switched_off_are_not_counted() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.limits = unlimited());
    for _ in 0..100 {
        world.start().await;
    }
}

#[tokio::test]
async fn a_login_starts_without_limits_and_without_a_cache() {
    let world = World::new();
    let node = world.node(|ports| {
        ports.limits = broken::limits();
        ports.login_cache = broken::login_cache();
    });
    let started = node.start.with_qr(request("main")).await.unwrap();
    assert_eq!(
        world.services.waiting.look(&started.auth).await,
        Ok(started.login),
        "any node finds it by its id"
    );
}

#[tokio::test]
async fn a_refused_code_is_an_error_and_puts_nothing_up() {
    let world = World::new();
    let refusal = WechatError::Refused { errcode: 40164, advice: "allow 192.0.2.1".to_owned() };
    world.wechat.fail_next(refusal.clone());
    // A cache that must not be used.
    let node = world.node(|ports| ports.login_cache = Arc::new(MockLoginCache::new()));
    assert_eq!(node.start.with_qr(request("main")).await.unwrap_err(), ServiceError::Wechat(refusal));
}

#[tokio::test]
async fn an_app_that_is_not_configured_is_an_error() {
    let world = World::new();
    let mut start = request("main");
    start.context.app = app("other");
    let refused = world.services.start.with_qr(start).await.unwrap_err();
    assert_eq!(refused, ServiceError::Wechat(WechatError::UnknownApp));
}

#[tokio::test]
async fn only_the_poll_token_authenticates_a_login() {
    let world = World::new();
    let (started, other) = (world.start().await, world.start().await);
    assert_ne!(started.auth.id(), other.auth.id());
    let (id, token) = (started.auth.id().to_string(), started.auth.token().reveal());
    assert_eq!(world.services.authenticator.authenticate_login(&id, &token).unwrap().id(), started.auth.id());

    let made_up = PollToken::generate(&SeededRandom::new(99)).reveal();
    let foreign_id = world.node_with_keys(&[2]).start.with_qr(request("main")).await.unwrap();
    for (id, token) in [
        (id.as_str(), other.auth.token().reveal().as_str()),
        (id.as_str(), made_up.as_str()),
        (id.as_str(), ""),
        (other.auth.id().to_string().as_str(), token.as_str()),
        (foreign_id.auth.id().to_string().as_str(), foreign_id.auth.token().reveal().as_str()),
    ] {
        assert_eq!(
            world.services.authenticator.authenticate_login(id, token).unwrap_err(),
            ServiceError::LoginUnknown
        );
    }
}
