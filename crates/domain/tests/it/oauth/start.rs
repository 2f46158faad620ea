//! Sending a browser to WeChat.

use saoma_domain::{
    login::{Login, LoginId},
    ports::WechatError,
    services::{ServiceError, StartLogin},
};

use crate::{
    broken,
    channels::{REDIRECT_URI, site_request},
    world::{START, World, client, request, secs},
};

#[tokio::test]
async fn the_browser_is_sent_to_wechat_with_the_login_as_state() {
    let world = World::new();
    let started = world.services.start.with_oauth(site_request(), REDIRECT_URI).await.unwrap();
    let id = started.auth.id();
    assert_eq!(started.login, Login::new(id));
    assert_eq!(id.deadline(), START.plus(secs(600)));
    let url = started.authorization.url;
    assert!(url.contains(&format!("&state={id}#wechat_redirect")), "{url}");
    assert_eq!(url.matches(LoginId::to_string(&id).as_str()).count(), 1);
    assert_eq!(world.services.waiting.look(&started.auth).await, Ok(Login::new(id)));
    assert_eq!(world.committed(&started.auth).await, None, "it costs no row");
}

#[tokio::test]
async fn a_client_starts_no_more_of_them_than_of_others() {
    let world = World::new();
    for _ in 0..15 {
        world.services.start.with_qr(request("main")).await.unwrap();
        world.services.start.with_oauth(site_request(), REDIRECT_URI).await.unwrap();
    }
    let refused = world.services.start.with_oauth(site_request(), REDIRECT_URI).await.unwrap_err();
    assert!(matches!(refused, ServiceError::RateLimited { .. }));
    let neighbour = StartLogin { client: client("192.0.2.8"), ..site_request() };
    assert!(world.services.start.with_oauth(neighbour, REDIRECT_URI).await.is_ok());
}

#[tokio::test]
async fn an_app_that_is_not_configured_sends_nobody_away() {
    let world = World::new();
    let refused = world.services.start.with_oauth(request("nobody"), REDIRECT_URI).await.unwrap_err();
    assert_eq!(refused, ServiceError::Wechat(WechatError::UnknownApp));
}

#[tokio::test]
async fn stores_that_are_away_keep_nobody_from_starting() {
    let world = World::new();
    let node = world.node(|ports| {
        ports.login_cache = broken::login_cache();
        ports.limits = broken::limits();
        ports.logins = broken::logins();
        ports.one_time_codes = broken::one_time_codes();
    });
    assert!(node.start.with_oauth(site_request(), REDIRECT_URI).await.is_ok());
}
