//! What a person changes shows in every session of theirs at once, although sessions are cached.

use saoma_domain::{
    ports::{ActiveSession, CachedSession, SessionCache},
    services::{CodeRequest, IssuedSession, StartLogin},
};

use crate::{
    channels::{REDIRECT_URI, site_request, user},
    world::{CLIENT, PHONE, START, World, app, number, openid, secs},
};

/// Returns two sessions of a person, both of which are cached.
async fn two_sessions(world: &World) -> [IssuedSession; 2] {
    let first = world.session("oAnna", PHONE).await;
    let both = [first, world.another_session("oAnna").await];
    for session in &both {
        check(world, session).await;
        assert!(matches!(cached(world, session).await, Some(CachedSession::Live { .. })));
    }
    both
}

async fn check(world: &World, session: &IssuedSession) -> ActiveSession {
    (*world.services.sessions.check(&session.token).await.unwrap()).clone()
}

async fn cached(world: &World, session: &IssuedSession) -> Option<CachedSession> {
    world.session_cache.read(&session.token.hash()).await.unwrap()
}

/// Has the person add the website's identity to their account.
async fn link_by_site(world: &World, session: &IssuedSession) {
    let request = StartLogin { link_to: Some(session.account.id), ..site_request() };
    let auth = world.services.start.with_oauth(request, REDIRECT_URI).await.unwrap().auth;
    world.come_back(&auth, user("wAnna")).await.unwrap();
}

#[tokio::test]
async fn an_identity_that_was_added_or_removed_shows_in_the_other_session() {
    let world = World::new();
    let [here, there] = two_sessions(&world).await;
    link_by_site(&world, &here).await;
    let seen = check(&world, &there).await.identities;
    assert_eq!(seen.len(), 2);
    world.pass(secs(6));
    assert_eq!(check(&world, &there).await.identities.len(), 2);
    assert!(matches!(cached(&world, &there).await, Some(CachedSession::Live { .. })), "it is cached again");
    world.services.accounts.remove_identity(&check(&world, &here).await, seen[1].id).await.unwrap();
    assert_eq!(check(&world, &there).await.identities, seen[..1]);
}

#[tokio::test]
async fn a_new_number_shows_in_the_other_session() {
    let world = World::new();
    let [here, there] = two_sessions(&world).await;
    let checked = check(&world, &here).await;
    let request = CodeRequest { phone: "13700137000", client: CLIENT };
    world.services.accounts.send_new_phone_code(&checked, request).await.unwrap();
    let code = world.inbox.last_code(&number("13700137000")).unwrap().reveal().to_owned();
    world.services.accounts.change_phone(&checked, "13700137000", &code).await.unwrap();
    assert_eq!(check(&world, &there).await.account.phone, Some(number("13700137000")));
}

#[tokio::test]
async fn that_a_person_stopped_following_shows_in_their_sessions() {
    let world = World::new();
    let [_, there] = two_sessions(&world).await;
    world.services.follows.take_unsubscribe(app("main"), openid("oAnna"), world.now()).await.unwrap();
    assert_eq!(check(&world, &there).await.identities[0].unsubscribed_at, Some(START));
}

#[tokio::test]
async fn who_is_known_by_a_scan_changes_nothing() {
    let world = World::new();
    let [_, there] = two_sessions(&world).await;
    world.another_session("oAnna").await;
    assert!(matches!(cached(&world, &there).await, Some(CachedSession::Live { .. })), "the entry stays");
}
