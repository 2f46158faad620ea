//! Logging users of mobile applications in.

use std::sync::Arc;

use saoma_domain::{
    login::{Channel, LoginState},
    ports::{Accounts, AppProfiles, MockOAuth, WechatError},
    services::ServiceError,
    session::AuthMethod,
    wechat::{AppProfile, AuthorizedUser},
};

use crate::{
    broken::{self, store_error},
    channels::{app_request, unionid, user, user_with, waiting_identity},
    world::{PHONE, World, app, browser, secs},
};

#[tokio::test]
async fn a_new_person_binds_a_phone_number_and_is_known_from_then_on() {
    let world = World::new();
    let (auth, login) = world.by_app(user("aAnna")).await;
    assert_eq!(login.version, 2);
    let identity = world.database.identity(waiting_identity(&login)).await.unwrap().unwrap();
    assert_eq!((identity.app, identity.openid.as_str()), (app("mobile"), "aAnna"));
    assert_eq!(identity.channel, Channel::App);
    assert_eq!(identity.profile.nickname.as_deref(), Some("aAnna"));
    let bound = world.bind(&auth, PHONE).await.unwrap();

    let (auth, login) = world.by_app(user("aAnna")).await;
    assert_eq!(world.account_of(&login).await, world.account_of(&bound).await);
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let session = world.stored(&issued).await.session;
    assert_eq!(session.auth_methods, AuthMethod::WechatApp.into());
}

#[tokio::test]
async fn a_person_whom_a_website_knows_is_logged_in_by_their_unionid() {
    let world = World::new();
    let (auth, _) = world.by_site(user_with("wAnna", "uAnna")).await;
    let bound = world.bind(&auth, PHONE).await.unwrap();
    let (_, login) = world.by_app(user_with("aAnna", "uAnna")).await;
    assert_eq!(world.account_of(&login).await, world.account_of(&bound).await);
    let (_, stranger) = world.by_app(user_with("aBela", "uBela")).await;
    assert!(matches!(stranger.state, LoginState::Unregistered { .. }));
    let identity = world.database.identity(waiting_identity(&stranger)).await.unwrap().unwrap();
    assert_eq!(identity.union.unwrap().unionid, unionid("uBela"));
}

#[tokio::test]
async fn what_the_authorization_tells_is_kept() {
    let world = World::new();
    let details = AppProfile { city: Some("Paris".to_owned()), ..AppProfile::default() };
    let (auth, _) = world.by_app(AuthorizedUser { details, ..user("aAnna") }).await;
    let bound = world.bind(&auth, PHONE).await.unwrap();
    let account = world.account_of(&bound).await.id;
    let kept = world.database.app_profiles(account).await.unwrap();
    assert_eq!(kept[0].1.city.as_deref(), Some("Paris"));
}

#[tokio::test]
async fn a_code_is_good_once_and_never_sent_again() {
    let world = World::new();
    world.oauth.give_code(&app("mobile"), "c1", user("aAnna"));
    assert!(world.services.app.log_in(app_request(), "c1").await.is_ok());
    let again = world.services.app.log_in(app_request(), "c1").await.unwrap_err();
    assert_eq!(again, ServiceError::CodeInvalid);
    assert_eq!(world.oauth.exchanged(), ["c1"]);
    let unknown = world.services.app.log_in(app_request(), "unknown").await.unwrap_err();
    assert_eq!(unknown, ServiceError::CodeInvalid);
    let down = WechatError::Unavailable { reason: "timed out".to_owned(), retry_after: secs(1) };
    world.oauth.give_code(&app("mobile"), "c2", user("aAnna"));
    world.oauth.fail_next(down.clone());
    let refused = world.services.app.log_in(app_request(), "c2").await.unwrap_err();
    assert_eq!(refused, ServiceError::Wechat(down));
    assert_eq!(world.oauth.exchanged(), ["c1", "unknown", "c2"]);
}

#[tokio::test]
async fn a_code_that_is_not_known_to_be_redeemed_is_not_sent() {
    let world = World::new();
    let node = world.node(|ports| {
        ports.one_time_codes = broken::one_time_codes();
        ports.oauth = Arc::new(MockOAuth::new());
    });
    assert_eq!(node.app.log_in(app_request(), "c1").await.unwrap_err(), store_error());
}

#[tokio::test]
async fn a_virtual_person_is_not_logged_in() {
    let world = World::new();
    world.oauth.give_code(&app("mobile"), "c1", AuthorizedUser { is_snapshot: true, ..user("aNobody") });
    let refused = world.services.app.log_in(app_request(), "c1").await.unwrap_err();
    assert_eq!(refused, ServiceError::SnapshotUser);
}
