//! Coming to an account by its number alone.

use std::sync::Arc;

use saoma_domain::{
    ports::{ActiveSession, WechatError},
    services::{CodeRequest, ScanReply, ServiceError},
};

use crate::{
    channels::user,
    settings::NOTICE,
    world::{CLIENT, OTHER_PHONE, PHONE, World, app, browser, number, openid, secs},
};

/// Lets Anna of the official account own an account, and somebody of the website come to it by her number. Returns
/// their session.
async fn newcomer(world: &World) -> Arc<ActiveSession> {
    world.registered("oAnna", PHONE).await;
    world.pass(secs(60));
    let (auth, _) = world.by_site(user("wBert")).await;
    let login = world.bind(&auth, PHONE).await.unwrap();
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    world.services.sessions.check(&issued.token).await.unwrap()
}

#[tokio::test]
async fn the_owner_is_told_in_the_chat_at_once_and_only_once() {
    let world = World::new();
    newcomer(&world).await;
    world.background.run().await.unwrap();
    let told = (app("main"), openid("oAnna"), NOTICE.to_owned());
    assert_eq!(world.wechat.texts(), [told]);
    world.pass(secs(61));
    assert_eq!(world.services.notices.take(&app("main"), &openid("oAnna")).await, Ok(None));
}

#[tokio::test]
async fn an_owner_whom_wechat_takes_no_message_to_is_told_when_they_write() {
    let world = World::new();
    newcomer(&world).await;
    world.wechat.fail_next(WechatError::NotFound { errcode: 45015 });
    world.background.run().await.unwrap();
    world.pass(secs(90 * 24 * 60 * 60));
    let take = || async { world.services.notices.take(&app("main"), &openid("oAnna")).await.unwrap() };
    assert_eq!(take().await.as_deref(), Some(NOTICE));
    assert_eq!(
        take().await.as_deref(),
        Some(NOTICE),
        "WeChat sends a message again where the reply was lost"
    );
    world.pass(secs(61));
    assert_eq!(take().await, None);
}

#[tokio::test]
async fn an_owner_is_told_when_they_scan_even_if_the_node_died() {
    let world = World::new();
    newcomer(&world).await;
    world.background.lose();
    world.pass(secs(60));
    let started = world.start().await;
    let reply = world.scan(&started, "oAnna").await;
    assert!(matches!(reply, ScanReply::LoggedIn { notice: Some(notice), .. } if notice == NOTICE));
}

#[tokio::test]
async fn a_newcomer_changes_neither_the_other_ways_in_nor_the_number() {
    let world = World::new();
    let session = newcomer(&world).await;
    let owners = session.identities.iter().find(|identity| identity.openid == openid("oAnna")).unwrap();
    let removed = world.services.accounts.remove_identity(&session, owners.id).await;
    assert_eq!(removed, Err(ServiceError::IdentityTooNew));
    let to = CodeRequest { phone: OTHER_PHONE, client: CLIENT };
    world.services.accounts.send_new_phone_code(&session, to).await.unwrap();
    let code = world.inbox.last_code(&number(OTHER_PHONE)).unwrap().reveal().to_owned();
    let changed = world.services.accounts.change_phone(&session, OTHER_PHONE, &code).await;
    assert_eq!(changed, Err(ServiceError::IdentityTooNew));
}
