//! What a return leads to.

use saoma_domain::{
    login::{Channel, ExpiryReason, Login, LoginState},
    ports::{Accounts, WechatError},
    services::{OAuthReturn, ServiceError},
    wechat::{AuthorizedUser, Profile},
};

use crate::{
    channels::{back, user, waiting_identity},
    world::{PHONE, START, World, app, browser, secs},
};

fn is_over_by(login: &Login, because: ExpiryReason) -> bool {
    matches!(login.state, LoginState::Expired { reason, .. } if reason == because)
}

#[tokio::test]
async fn a_new_person_binds_a_phone_number() {
    let world = World::new();
    let (auth, login) = world.by_site(user("wAnna")).await;
    let deadline = START.plus(secs(600));
    assert!(matches!(login.state, LoginState::Unregistered { deadline: until, .. } if until == deadline));
    assert_eq!(world.committed(&auth).await.as_ref(), Some(&login));
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&login));
    let identity = world.database.identity(waiting_identity(&login)).await.unwrap().unwrap();
    assert_eq!((identity.app, identity.channel), (app("site"), Channel::Website));
    assert_eq!(identity.profile.nickname.as_deref(), Some("wAnna"));
    let bound = world.bind(&auth, PHONE).await.unwrap();
    assert_eq!(world.identities_of(&bound).await, [identity.id]);
}

#[tokio::test]
async fn a_known_person_is_logged_in_at_once() {
    let world = World::new();
    let (auth, _) = world.by_site(user("wAnna")).await;
    let first = world.bind(&auth, PHONE).await.unwrap();
    let (auth, login) = world.by_site(user("wAnna")).await;
    assert_eq!((login.version, world.account_of(&login).await), (2, world.account_of(&first).await));
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(issued.expires_at, START.plus(secs(1800)));
}

#[tokio::test]
async fn a_page_inside_wechat_leads_to_the_official_accounts_identity() {
    let world = World::new();
    let (_, bound) = world.registered("oAnna", PHONE).await;
    let auth = world.sent_away().await;
    world.oauth.give_code(&app("main"), "c1", user("oAnna"));
    let returned = OAuthReturn { app: app("main"), channel: Channel::InWechat, ..back(Some("c1")) };
    let login = world.services.oauth_returns.finish(&auth, returned).await.unwrap();
    assert_eq!(world.identities_of(&login).await, world.identities_of(&bound).await);
}

#[tokio::test]
async fn a_scope_that_tells_no_name_erases_none() {
    let world = World::new();
    world.by_site(user("wAnna")).await;
    let (_, login) = world.by_site(AuthorizedUser { profile: Profile::default(), ..user("wAnna") }).await;
    let identity = world.database.identity(waiting_identity(&login)).await.unwrap().unwrap();
    assert_eq!(identity.profile.nickname.as_deref(), Some("wAnna"));
}

#[tokio::test]
async fn who_refuses_ends_the_login_and_may_say_so_again() {
    let world = World::new();
    let auth = world.sent_away().await;
    let denied = world.services.oauth_returns.finish(&auth, back(None)).await.unwrap();
    assert!(is_over_by(&denied, ExpiryReason::Denied));
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&denied));
    world.pass(secs(60));
    assert_eq!(world.services.oauth_returns.finish(&auth, back(None)).await, Ok(denied));
    assert_eq!(world.come_back(&auth, user("wAnna")).await, Err(ServiceError::OAuthState), "too late");
    assert_eq!(world.oauth.exchanged(), [""; 0]);
}

#[tokio::test]
async fn who_was_logged_in_cannot_refuse_any_more() {
    let world = World::new();
    let (auth, login) = world.by_site(user("wAnna")).await;
    assert_eq!(world.services.oauth_returns.finish(&auth, back(None)).await, Err(ServiceError::OAuthState));
    assert_eq!(world.committed(&auth).await, Some(login));
    let registered = world.bind(&auth, PHONE).await.unwrap();
    assert_eq!(world.services.oauth_returns.finish(&auth, back(None)).await, Err(ServiceError::OAuthState));
    assert_eq!(world.committed(&auth).await, Some(registered));
}

#[tokio::test]
async fn a_return_after_the_deadline_is_refused_without_asking_wechat() {
    let world = World::new();
    let auth = world.sent_away().await;
    world.pass(secs(600));
    for code in [Some("c1"), None] {
        assert_eq!(
            world.services.oauth_returns.finish(&auth, back(code)).await,
            Err(ServiceError::OAuthState)
        );
    }
    world.pass(secs(6000));
    assert_eq!(
        world.services.oauth_returns.finish(&auth, back(Some("c1"))).await,
        Err(ServiceError::OAuthState)
    );
    assert_eq!(world.oauth.exchanged(), [""; 0]);
    assert_eq!(world.committed(&auth).await, None);
}

#[tokio::test]
async fn a_return_to_a_login_that_was_given_up_is_refused() {
    let world = World::new();
    let auth = world.sent_away().await;
    world.services.cancellation.cancel(&auth).await.unwrap();
    assert_eq!(world.come_back(&auth, user("wAnna")).await, Err(ServiceError::OAuthState));
    assert_eq!(world.services.oauth_returns.finish(&auth, back(None)).await, Err(ServiceError::OAuthState));
    assert_eq!(world.oauth.exchanged(), [""; 0]);
}

#[tokio::test]
async fn a_code_that_wechat_does_not_know_ends_the_login() {
    let world = World::new();
    let auth = world.sent_away().await;
    let returned = world.services.oauth_returns.finish(&auth, back(Some("unknown"))).await;
    assert_eq!(returned, Err(ServiceError::CodeInvalid));
    assert!(is_over_by(&world.committed(&auth).await.unwrap(), ExpiryReason::Cancelled));
    assert!(is_over_by(&world.services.waiting.look(&auth).await.unwrap(), ExpiryReason::Cancelled));
    let again = world.services.oauth_returns.finish(&auth, back(Some("unknown"))).await;
    assert_eq!(again, Err(ServiceError::CodeInvalid), "the same return, the same answer");
    assert_eq!(world.oauth.exchanged().len(), 1);
}

#[tokio::test]
async fn a_virtual_person_of_a_snapshot_page_gets_no_identity() {
    let world = World::new();
    let auth = world.sent_away().await;
    let returned = world.come_back(&auth, AuthorizedUser { is_snapshot: true, ..user("wNobody") }).await;
    assert_eq!(returned, Err(ServiceError::SnapshotUser));
    let again = world.services.oauth_returns.finish(&auth, back(Some("code-0"))).await;
    assert_eq!(again, Err(ServiceError::SnapshotUser), "the same return, the same answer");
    assert_eq!(world.oauth.exchanged().len(), 1);
    assert!(is_over_by(&world.committed(&auth).await.unwrap(), ExpiryReason::Denied));
    let nameless = AuthorizedUser { profile: Profile::default(), ..user("wNobody") };
    let (_, login) = world.by_site(nameless).await;
    let identity = world.database.identity(waiting_identity(&login)).await.unwrap().unwrap();
    assert_eq!(identity.profile.nickname, None, "nothing was kept of the virtual person");
}

#[tokio::test]
async fn an_app_that_was_taken_out_of_the_configuration_logs_nobody_in() {
    let world = World::new();
    let auth = world.sent_away().await;
    let returned = OAuthReturn { app: app("gone"), ..back(Some("c1")) };
    let refused = world.services.oauth_returns.finish(&auth, returned).await;
    assert_eq!(refused, Err(ServiceError::Wechat(WechatError::UnknownApp)));
}
