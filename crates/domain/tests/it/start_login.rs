//! Starting a login.

use std::sync::Arc;

use saoma_domain::{
    login::{Login, LoginScene, PollToken, ScenePurpose},
    ports::{CachedLogin, LoginCache, MockLoginCache, WechatError},
    services::{ServiceError, StartLogin},
};
use saoma_testing::SeededRandom;

use crate::{
    broken,
    world::{START, World, app, keys, request, secs, unlimited},
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

    let neighbour = StartLogin { client: "192.0.2.8".to_owned(), ..request("main") };
    assert!(world.services.start.with_qr(neighbour).await.is_ok());
    world.pass(secs(3));
    world.start().await;
    assert!(world.services.start.with_qr(request("main")).await.is_err(), "one came back, not more");
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
