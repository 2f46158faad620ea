//! A login that waits in a phone's own browser is opened by a link inside WeChat.

use saoma_domain::{
    login::{AuthenticatedLogin, Channel, ExpiryReason, LoginId, LoginState, PhoneLink},
    ports::{LoginCache, PhoneAnswer},
    services::{LinkOpened, OAuthReturn, ScanReply, ServiceError, StartedLogin},
};

use crate::{
    channels::{REDIRECT_URI, user},
    confirm::asked,
    world::{CLIENT, PHONE, World, app, browser, request, secs, told},
};

impl World {
    async fn sent_by_link(&self) -> AuthenticatedLogin {
        self.services.link_opening.send(&app("main"), CLIENT, REDIRECT_URI).await.unwrap().auth
    }

    /// Has a person open a login by its link.
    async fn open(&self, login: LoginId, person: &str) -> LinkOpened {
        let auth = self.sent_by_link().await;
        let code = format!("link-{}", self.oauth.exchanged().len());
        self.oauth.give_code(&app("main"), &code, user(person));
        self.services.link_opening.take(&auth, login, inside_wechat(Some(&code))).await.unwrap()
    }

    async fn asked_by_link(&self, started: &StartedLogin, person: &str) -> PhoneLink {
        let opened = self.open(started.auth.id(), person).await;
        let LinkOpened::Told(reply) = opened else { unreachable!("the phone is asked: {opened:?}") };
        asked(reply).0
    }
}

fn inside_wechat(code: Option<&str>) -> OAuthReturn {
    let (channel, client_info) =
        (Channel::InWechat, saoma_domain::login::ClientInfo::new("192.0.2.9", "WeChat"));
    OAuthReturn { app: app("main"), channel, client_info, code: code.map(str::to_owned) }
}

#[tokio::test]
async fn who_opens_the_link_is_asked_for_the_number_whatever_the_app_asks_of_scans() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let started = world.start().await;
    let LinkOpened::Told(reply) = world.open(started.auth.id(), "oAnna").await else {
        panic!("she is asked")
    };
    assert_eq!(told(&reply).1, browser(), "she is told of the client that waits, not of her own browser");
    let (link, in_chat, tries) = asked(reply);
    assert!(in_chat && tries == 3);
    let LoginState::Scanned { question, .. } =
        world.services.waiting.look(&started.auth).await.unwrap().state
    else {
        panic!("it waits for the number")
    };
    let number = question.number().expect("the waiting client shows a number");
    let answer =
        async |answer| world.services.confirmation.answer(link.reveal(), answer, None).await.unwrap().1;
    assert_eq!(answer(PhoneAnswer::Yes).await.as_str(), "asked", "a yes is not enough");
    assert_eq!(answer(PhoneAnswer::Number(Some(number))).await.as_str(), "logged_in");
    let login = world.services.waiting.look(&started.auth).await.unwrap();
    let session =
        world.services.session_issuer.issue(&started.auth, &login, browser()).await.unwrap().session;
    assert_eq!(session.auth_methods.to_string(), "wechat_page confirm_number");
}

#[tokio::test]
async fn the_link_counts_as_the_scan() {
    let world = World::new();
    let started = world.start().await;
    world.asked_by_link(&started, "oAnna").await;
    assert_eq!(world.scan(&started, "oBert").await, ScanReply::ByAnother);
    assert_eq!(
        world.open(started.auth.id(), "oBert").await,
        LinkOpened::Told(ScanReply::ByAnother),
        "so does a second person with the link"
    );
    world.asked_by_link(&started, "oAnna").await;
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().version, 2, "once more is no more");
}

#[tokio::test]
async fn a_new_person_goes_on_with_their_number_in_the_waiting_browser() {
    let world = World::new();
    let started = world.start().await;
    let link = world.asked_by_link(&started, "oAnna").await;
    let LoginState::Scanned { question, .. } =
        world.services.waiting.look(&started.auth).await.unwrap().state
    else {
        panic!("it waits for the number")
    };
    let answer = PhoneAnswer::Number(question.number());
    world.services.confirmation.answer(link.reveal(), answer, None).await.unwrap();
    let bound = world.bind(&started.auth, PHONE).await.unwrap();
    assert!(matches!(bound.state, LoginState::Registered { .. }), "{bound:?}");
}

#[tokio::test]
async fn a_login_that_is_over_or_of_another_app_is_not_opened() {
    let world = World::new();
    let other = world.services.start.with_qr(request("shop")).await.unwrap();
    assert_eq!(world.open(other.auth.id(), "oAnna").await, LinkOpened::Told(ScanReply::Foreign));
    let away = world.sent_away().await;
    assert_eq!(world.open(away.id(), "oAnna").await, LinkOpened::Told(ScanReply::Foreign), "it has no code");
    let started = world.start().await;
    world.pass(secs(120));
    let over = world.open(started.auth.id(), "oAnna").await;
    assert_eq!(over, LinkOpened::Told(ScanReply::Over(ExpiryReason::Timeout)));
}

#[tokio::test]
async fn a_login_is_opened_also_where_its_context_is_lost() {
    let world = World::new();
    let started = world.start().await;
    world.login_cache.clear();
    world.asked_by_link(&started, "oAnna").await;
    assert!(world.login_cache.context(started.auth.id()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_return_that_is_loaded_again_goes_to_wechat_again() {
    let world = World::new();
    let (started, auth) = (world.start().await, world.sent_by_link().await);
    world.oauth.give_code(&app("main"), "once", user("oAnna"));
    let take = async |auth, code| {
        world.services.link_opening.take(auth, started.auth.id(), inside_wechat(code)).await
    };
    assert!(matches!(take(&auth, Some("once")).await, Ok(LinkOpened::Told(ScanReply::Asked { .. }))));
    assert_eq!(take(&auth, Some("once")).await, Ok(LinkOpened::SendAgain));
    assert_eq!(world.oauth.exchanged().len(), 1, "a code is exchanged once");
    let other = world.sent_by_link().await;
    assert_eq!(take(&other, Some("once")).await, Err(ServiceError::CodeInvalid), "it was another return's");
    assert_eq!(take(&other, None).await, Ok(LinkOpened::Refused));
    world.pass(secs(600));
    assert_eq!(take(&other, Some("late")).await, Err(ServiceError::OAuthState));
}

#[tokio::test]
async fn whom_wechat_does_not_name_opens_nothing_and_may_try_again() {
    let world = World::new();
    let (started, auth) = (world.start().await, world.sent_by_link().await);
    let opened =
        world.services.link_opening.take(&auth, started.auth.id(), inside_wechat(Some("made-up"))).await;
    assert_eq!(opened, Err(ServiceError::CodeInvalid));
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().version, 1);
    world.asked_by_link(&started, "oAnna").await;
}
