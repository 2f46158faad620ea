//! Using and ending sessions.

use saoma_domain::{
    ports::{Accounts, Sessions},
    services::ServiceError,
    session::SessionToken,
};

use crate::world::{OTHER_PHONE, PHONE, START, World, app, browser, millis, policy, secs};

const MINUTE: u64 = 60;

#[tokio::test]
async fn a_session_slides_while_it_is_used() {
    let world = World::new();
    let token = world.session("oAnna", PHONE).await.token;
    for minutes in 1..=10 {
        world.pass(secs(29 * MINUTE));
        let checked = world.services.sessions.check(&token).await.unwrap();
        let now = START.plus(secs(minutes * 29 * MINUTE));
        assert_eq!(
            (checked.session.last_seen_at, checked.expires_at(&policy().session)),
            (now, now.plus(secs(30 * MINUTE)))
        );
    }
}

#[tokio::test]
async fn an_unused_session_ends() {
    let world = World::new();
    let token = world.session("oAnna", PHONE).await.token;
    world.pass(secs(30 * MINUTE) - millis(1));
    world.services.sessions.check(&token).await.unwrap();
    world.pass(secs(30 * MINUTE));
    assert_eq!(world.services.sessions.check(&token).await, Err(ServiceError::SessionInvalid));
}

#[tokio::test]
async fn no_session_outlives_thirty_days() {
    let world = World::new();
    let token = world.session("oAnna", PHONE).await.token;
    let end = START.plus(secs(30 * 24 * 60 * MINUTE));
    for _ in 0..(30 * 24 * 60 / 25 - 1) {
        world.pass(secs(25 * MINUTE));
        world.services.sessions.check(&token).await.unwrap();
    }
    world.pass(secs(25 * MINUTE) - millis(1));
    assert_eq!(world.services.sessions.check(&token).await.unwrap().expires_at(&policy().session), end);
    world.clock.set(end);
    assert_eq!(world.services.sessions.check(&token).await, Err(ServiceError::SessionInvalid));
}

#[tokio::test]
async fn a_use_is_written_down_once_a_minute() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let written = async || world.database.list(issued.account.id).await.unwrap()[0].last_seen_at;
    for (second, expected) in [(1, 0), (59, 0), (60, 60), (61, 60), (119, 60), (120, 120)] {
        world.clock.set(START.plus(secs(second)));
        world.services.sessions.check(&issued.token).await.unwrap();
        assert_eq!(written().await, START.plus(secs(expected)), "after {second} s");
    }
}

#[tokio::test]
async fn a_made_up_token_is_no_session() {
    let world = World::new();
    world.session("oAnna", PHONE).await;
    let token = SessionToken::parse(&"A".repeat(43)).unwrap();
    assert_eq!(world.services.sessions.check(&token).await, Err(ServiceError::SessionInvalid));
    assert_eq!(world.services.sessions.log_out(&token).await, Ok(()));
}

#[tokio::test]
async fn the_sessions_of_a_disabled_account_are_refused() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.database.set_disabled(issued.account.id, true).await.unwrap();
    assert_eq!(world.services.sessions.check(&issued.token).await, Err(ServiceError::AccountDisabled));
}

#[tokio::test]
async fn a_log_out_ends_one_session_and_may_be_repeated() {
    let world = World::new();
    let (first, second) = (world.session("oAnna", PHONE).await, world.another_session("oAnna").await);
    for _ in 0..2 {
        world.services.sessions.log_out(&first.token).await.unwrap();
        assert_eq!(world.services.sessions.check(&first.token).await, Err(ServiceError::SessionInvalid));
    }
    assert!(world.services.sessions.check(&second.token).await.is_ok());
}

#[tokio::test]
async fn the_list_shows_the_good_ones_newest_first() {
    let world = World::new();
    let old = world.session("oAnna", PHONE).await;
    world.session("oBela", OTHER_PHONE).await;
    world.pass(secs(20 * MINUTE));
    let ended = world.another_session("oAnna").await;
    let used = world.another_session("oAnna").await;
    world.pass(secs(MINUTE));
    let new = world.another_session("oAnna").await;
    world.services.sessions.log_out(&ended.token).await.unwrap();
    let checked = world.services.sessions.check(&new.token).await.unwrap();
    let listed = async || {
        let sessions = world.services.sessions.list(&checked).await.unwrap();
        sessions.iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [new.session.id, used.session.id, old.session.id]);
    world.pass(secs(9 * MINUTE));
    assert_eq!(listed().await, [new.session.id, used.session.id], "the old one was not used for too long");
}

#[tokio::test]
async fn an_account_ends_one_of_its_own_sessions() {
    let world = World::new();
    let (anna, bela) = (world.session("oAnna", PHONE).await, world.session("oBela", OTHER_PHONE).await);
    let other = world.another_session("oAnna").await;
    let checked = world.services.sessions.check(&anna.token).await.unwrap();
    for id in [other.session.id, other.session.id, bela.session.id] {
        world.services.sessions.end(&checked, id).await.unwrap();
    }
    assert_eq!(world.services.sessions.check(&other.token).await, Err(ServiceError::SessionInvalid));
    assert!(world.services.sessions.check(&anna.token).await.is_ok());
    assert!(world.services.sessions.check(&bela.token).await.is_ok(), "a stranger's is out of reach");
}

#[tokio::test]
async fn an_account_ends_all_of_its_sessions() {
    let world = World::new();
    let (anna, bela) = (world.session("oAnna", PHONE).await, world.session("oBela", OTHER_PHONE).await);
    let other = world.another_session("oAnna").await;
    let checked = world.services.sessions.check(&anna.token).await.unwrap();
    world.services.sessions.end_all(&checked).await.unwrap();
    for token in [anna.token, other.token] {
        assert_eq!(world.services.sessions.check(&token).await, Err(ServiceError::SessionInvalid));
    }
    assert!(world.services.sessions.check(&bela.token).await.is_ok());
}

#[tokio::test]
async fn who_logs_out_everywhere_means_uncollected_logins_too() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let (uncollected, bela) = (world.start().await, world.registered("oBela", OTHER_PHONE).await);
    world.scan(&uncollected, "oAnna").await;
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    world.services.sessions.end_all(&checked).await.unwrap();
    let login = world.services.waiting.look(&uncollected.auth).await.unwrap();
    let closed = world.services.session_issuer.issue(&uncollected.auth, &login, browser()).await.unwrap_err();
    assert_eq!(closed, ServiceError::LoginClosed);
    assert!(
        world.services.session_issuer.issue(&bela.0, &bela.1, browser()).await.is_ok(),
        "others are not concerned"
    );
    world.pass(millis(1));
    let again = world.another_session("oAnna").await;
    assert!(world.services.sessions.check(&again.token).await.is_ok(), "a later login is a new one");
}

#[tokio::test]
async fn a_session_tells_whose_it_is() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    let identities = checked.identities;
    assert_eq!(identities.len(), 1);
    assert_eq!((&identities[0].app, identities[0].openid.as_str()), (&app("main"), "oAnna"));
    assert_eq!(world.services.accounts.account(issued.account.id).await, Ok(Some(issued.account)));
}
