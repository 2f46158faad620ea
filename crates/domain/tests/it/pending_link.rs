//! Logins that add an identity to the account of a person who is logged in.

use std::sync::Arc;

use saoma_domain::{
    account::AccountId,
    login::{AuthenticatedLogin, ExpiryReason, Login, LoginState},
    ports::MockLogins,
    services::{ScanReply, StartLogin},
    wechat::MiniProgramUser,
};

use crate::{
    broken::{self, store_error},
    channels::{REDIRECT_URI, back, mini_request, mini_user, site_request, unionid, user, user_with},
    world::{OTHER_PHONE, PHONE, START, World, app, browser, request, secs, told},
};

async fn account(world: &World, person: &str, phone: &str) -> AccountId {
    let (_, login) = world.registered(person, phone).await;
    world.account_of(&login).await.id
}

fn pending_link(request: StartLogin, account: AccountId) -> StartLogin {
    StartLogin { link_to: Some(account), ..request }
}

async fn link_by_site(world: &World, account: AccountId, person: &str) -> (AuthenticatedLogin, Login) {
    let auth = world
        .services
        .start
        .with_oauth(pending_link(site_request(), account), REDIRECT_URI)
        .await
        .unwrap()
        .auth;
    let login = world.come_back(&auth, user(person)).await.unwrap();
    (auth, login)
}

fn is_denied(login: &Login) -> bool {
    matches!(login.state, LoginState::Expired { reason: ExpiryReason::Denied, .. })
}

#[tokio::test]
async fn each_door_adds_its_identity_and_opens_a_session_of_that_account() {
    let world = World::new();
    let account = account(&world, "oAnna", PHONE).await;
    let by_site = link_by_site(&world, account, "wAnna").await;
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let by_program =
        world.services.mini_program.log_in(pending_link(mini_request(), account), "c1").await.unwrap();
    for (number, (auth, login)) in [by_site, by_program].into_iter().enumerate() {
        let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
        assert_eq!(issued.account.id, account, "channel {number}");
    }
    assert_eq!(world.identities_of(&world.by_site(user("wAnna")).await.1).await.len(), 3);
}

#[tokio::test]
async fn a_qr_code_adds_who_scans_it_and_tells_the_phone() {
    let world = World::new();
    let (auth, _) = world.by_site(user("wAnna")).await;
    let bound = world.bind(&auth, PHONE).await.unwrap();
    let account = world.account_of(&bound).await.id;
    let started = world.services.start.with_qr(pending_link(request("main"), account)).await.unwrap();
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "loop");
    for _ in 0..2 {
        assert_eq!(told(&world.scan(&started, "oAnna").await), ("linked", browser(), START));
    }
    let again = world.services.start.with_qr(pending_link(request("main"), account)).await.unwrap();
    let reply = world.scan(&again, "oAnna").await;
    assert!(matches!(reply, ScanReply::LoggedIn { .. }), "it was added before");
    let login = world.services.waiting.look(&started.auth).await.unwrap();
    assert_eq!(world.account_of(&login).await.id, account);
    assert_eq!(world.identities_of(&login).await.len(), 2);
}

#[tokio::test]
async fn an_identity_of_the_account_already_is_simply_logged_in() {
    let world = World::new();
    let account = account(&world, "oAnna", PHONE).await;
    link_by_site(&world, account, "wAnna").await;
    let (_, login) = link_by_site(&world, account, "wAnna").await;
    assert_eq!(world.identities_of(&login).await.len(), 2);
}

#[tokio::test]
async fn an_identity_of_another_account_is_refused_and_stays_there() {
    let world = World::new();
    let anna = account(&world, "oAnna", PHONE).await;
    let (auth, _) = world.by_site(user("wBela")).await;
    let of_bela = world.bind(&auth, OTHER_PHONE).await.unwrap();
    let (auth, login) = link_by_site(&world, anna, "wBela").await;
    assert!(is_denied(&login));
    assert_eq!(world.services.waiting.look(&auth).await, Ok(login));
    let (_, login) = world.by_site(user("wBela")).await;
    assert_eq!(world.account_of(&login).await, world.account_of(&of_bela).await);
}

#[tokio::test]
async fn a_second_user_of_an_app_is_refused_on_every_channel() {
    let world = World::new();
    let anna = account(&world, "oAnna", PHONE).await;
    link_by_site(&world, anna, "wAnna").await;
    let (auth, login) = link_by_site(&world, anna, "wOther").await;
    assert!(is_denied(&login));
    let code = format!("code-{}", world.oauth.exchanged().len() - 1);
    assert_eq!(
        world.services.oauth_returns.finish(&auth, back(Some(&code))).await,
        Ok(login),
        "and the same again"
    );
    let started = world.services.start.with_qr(pending_link(request("main"), anna)).await.unwrap();
    world.background.lose();
    for _ in 0..2 {
        assert_eq!(world.scan(&started, "oBela").await, ScanReply::LinkRefused);
        assert_eq!(world.background.pending(), 0);
    }
    assert!(is_denied(&world.services.waiting.look(&started.auth).await.unwrap()));
    for (code, person) in [("c1", "mAnna"), ("c2", "mOther")] {
        world.mini_program.give_code(&app("mini"), code, mini_user(person));
        let (_, login) =
            world.services.mini_program.log_in(pending_link(mini_request(), anna), code).await.unwrap();
        assert_eq!(is_denied(&login), code == "c2");
    }
}

#[tokio::test]
async fn logging_out_everywhere_stops_what_was_started_before() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    let request = pending_link(site_request(), issued.account.id);
    let auth = world.services.start.with_oauth(request.clone(), REDIRECT_URI).await.unwrap().auth;
    world.pass(secs(1));
    world.services.sessions.end_all(&checked).await.unwrap();
    assert!(is_denied(&world.come_back(&auth, user("wThief")).await.unwrap()));
    world.pass(secs(1));
    let auth = world.services.start.with_oauth(request, REDIRECT_URI).await.unwrap().auth;
    let login = world.come_back(&auth, user("wAnna")).await.unwrap();
    assert_eq!(world.account_of(&login).await.id, issued.account.id);
}

#[tokio::test]
async fn the_account_that_was_asked_for_counts_more_than_a_unionid() {
    let world = World::new();
    let anna = account(&world, "oAnna", PHONE).await;
    let known = MiniProgramUser { unionid: Some(unionid("uAnna")), ..mini_user("mAnna") };
    let (auth, _) = world.by_mini_program(known).await;
    world.bind(&auth, OTHER_PHONE).await.unwrap();
    let auth =
        world.services.start.with_oauth(pending_link(site_request(), anna), REDIRECT_URI).await.unwrap().auth;
    let login = world.come_back(&auth, user_with("wAnna", "uAnna")).await.unwrap();
    assert_eq!(world.account_of(&login).await.id, anna);
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    assert_eq!(checked.conflicts.len(), 1, "and the person sees it");
}

#[tokio::test]
async fn nothing_is_shown_or_exchanged_before_it_is_written_down() {
    let world = World::new();
    let anna = account(&world, "oAnna", PHONE).await;
    let node = world.node(|ports| ports.logins = broken::logins());
    let shown = node.start.with_qr(pending_link(request("main"), anna)).await;
    assert_eq!(shown.unwrap_err(), store_error());
    let sent = node.start.with_oauth(pending_link(site_request(), anna), REDIRECT_URI).await;
    assert_eq!(sent.unwrap_err(), store_error());
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let logged_in = node.mini_program.log_in(pending_link(mini_request(), anna), "c1").await;
    assert_eq!(logged_in.unwrap_err(), store_error());
    assert_eq!(world.mini_program.exchanged(), [""; 0], "the code can be used again");
    assert!(world.services.mini_program.log_in(pending_link(mini_request(), anna), "c1").await.is_ok());
}

#[tokio::test]
async fn a_login_that_adds_nothing_writes_nothing_down() {
    let world = World::new();
    let node = world.node(|ports| ports.logins = Arc::new(MockLogins::new()));
    assert!(node.start.with_qr(request("main")).await.is_ok());
    assert!(node.start.with_oauth(site_request(), REDIRECT_URI).await.is_ok());
}
