//! Using and ending sessions.

use saoma_domain::{
    ports::{Accounts, Sessions},
    services::{Ports, ServiceError, Services},
};

use crate::{
    broken::{self, untouched},
    world::{CLIENT, OTHER_PHONE, PHONE, START, World, app, browser, client, keys, millis, policy, secs},
};

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
    let issued = world.session("oAnna", PHONE).await;
    // Limits can be counted; nothing else may be asked.
    let node = Services::new(
        Ports { clock: world.clock.clone(), limits: world.ports().limits, ..untouched() },
        keys(&[2, 1]),
        policy(),
    );
    let verified = async |text: &str| node.sessions.verify_token(text, || CLIENT).await;
    let token = issued.token.reveal();
    assert_eq!(verified(&token).await.unwrap().hash(), issued.token.hash(), "another key of the ring signs");
    for at in 0..token.len() {
        let mut changed = token.as_bytes().to_vec();
        changed[at] = if changed[at] == b'x' { b'Y' } else { b'x' };
        let refused = verified(&String::from_utf8(changed).unwrap()).await;
        assert_eq!(refused.unwrap_err(), ServiceError::SessionInvalid, "{at}");
    }
    for wrong in ["", "x", &token[1..], &format!("{}A", *token), &"A".repeat(43)] {
        assert_eq!(verified(wrong).await.unwrap_err(), ServiceError::SessionInvalid, "{wrong}");
    }
}

#[tokio::test]
async fn a_client_that_makes_up_tokens_is_told_to_wait_and_its_session_is_good_all_the_same() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let verified =
        async |text: &str, client| world.services.sessions.verify_token(text, || client).await.map(drop);
    let made_up = "A".repeat(43);
    for _ in 0..100 {
        assert_eq!(verified(&made_up, CLIENT).await, Err(ServiceError::SessionInvalid));
    }
    let told_to_wait = Err(ServiceError::RateLimited { retry_after: secs(60) });
    assert_eq!(verified(&made_up, CLIENT).await, told_to_wait);
    assert_eq!(verified(&issued.token.reveal(), CLIENT).await, Ok(()));
    assert_eq!(verified(&made_up, client("192.0.2.8")).await, Err(ServiceError::SessionInvalid));
    let node = world.node(|ports| ports.limits = broken::limits());
    let uncounted = node.sessions.verify_token(&made_up, || CLIENT).await;
    assert_eq!(uncounted.unwrap_err(), ServiceError::SessionInvalid);
}

#[tokio::test]
async fn the_sessions_of_a_disabled_account_are_refused() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    world.database.set_disabled(issued.account.id, true).await.unwrap();
    world.session_cache.clear();
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
    let identities = &checked.identities;
    assert_eq!(identities.len(), 1);
    assert_eq!((&identities[0].app, identities[0].openid.as_str()), (&app("main"), "oAnna"));
    assert_eq!(world.services.accounts.account(issued.account.id).await, Ok(Some(issued.account)));
}
