//! Removing an identity from one's account.

use saoma_domain::{
    account::IdentityId,
    ports::{Accounts, ActiveSession, AuditKind, AuditTrail},
    rules::PROBATION,
    services::ServiceError,
};
use tokio::task::JoinSet;

use crate::{
    broken::{self, store_error},
    channels::user,
    world::{OTHER_PHONE, PHONE, World, browser, millis, secs},
};

/// Returns a session of a person with two identities: of the official account and, for more than a week, of the
/// website.
async fn two_ways_in(world: &World) -> (ActiveSession, [IdentityId; 2]) {
    world.registered("oAnna", PHONE).await;
    world.pass(secs(60));
    let (auth, _) = world.by_site(user("wAnna")).await;
    world.bind(&auth, PHONE).await.unwrap();
    world.pass(PROBATION);
    let (auth, login) = world.by_site(user("wAnna")).await;
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    ((*checked).clone(), world.identities_of(&login).await.try_into().unwrap())
}

#[tokio::test]
async fn an_identity_that_was_removed_leads_nowhere_any_more() {
    let world = World::new();
    let (checked, [official, site]) = two_ways_in(&world).await;
    world.services.accounts.remove_identity(&checked, site).await.unwrap();
    let left = world.database.identities(checked.account.id).await.unwrap();
    assert_eq!(left.iter().map(|identity| identity.id).collect::<Vec<_>>(), [official]);
    let (_, login) = world.by_site(user("wAnna")).await;
    assert_eq!(login.state.name(), "unregistered", "like a person who was never bound");
    let trail = world.database.entries(checked.account.id, 100).await.unwrap();
    assert_eq!(trail.last().unwrap().kind, AuditKind::IdentityUnlinked);
    let again = world.services.accounts.remove_identity(&checked, site).await;
    assert_eq!(again, Err(ServiceError::IdentityUnknown));
}

#[tokio::test]
async fn the_sessions_that_came_from_it_end_but_for_the_one_that_asks() {
    let world = World::new();
    let (checked, [_, site]) = two_ways_in(&world).await;
    let (auth, login) = world.by_site(user("wAnna")).await;
    let same = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let (uncollected, login) = world.by_site(user("wAnna")).await;
    let other = world.another_session("oAnna").await;
    for session in [&same, &other] {
        world.services.sessions.check(&session.token).await.unwrap();
    }
    world.services.accounts.remove_identity(&checked, site).await.unwrap();
    let node = world.node(|_| ());
    assert_eq!(node.sessions.check(&same.token).await, Err(ServiceError::SessionInvalid), "all nodes know");
    assert!(node.sessions.check(&other.token).await.is_ok());
    let collected = node.session_issuer.issue(&uncollected, &login, browser()).await;
    assert_eq!(collected.unwrap_err(), ServiceError::LoginClosed);
    let left = world.services.sessions.list(&checked).await.unwrap();
    assert_eq!(left.len(), 2);
    assert!(left.contains(&checked.session), "the session that asks stays");
}

#[tokio::test]
async fn a_login_of_before_opens_no_session_even_if_the_identity_is_added_again() {
    let world = World::new();
    let (checked, [_, site]) = two_ways_in(&world).await;
    let (uncollected, login) = world.by_site(user("wAnna")).await;
    world.pass(secs(1));
    world.services.accounts.remove_identity(&checked, site).await.unwrap();
    world.pass(secs(60));
    let (auth, _) = world.by_site(user("wAnna")).await;
    let added_again = world.bind(&auth, PHONE).await.unwrap();
    assert_eq!(world.identities_of(&added_again).await.len(), 2);
    let collected = world.services.session_issuer.issue(&uncollected, &login, browser()).await;
    assert_eq!(collected.unwrap_err(), ServiceError::LoginClosed);
    assert!(world.services.session_issuer.issue(&auth, &added_again, browser()).await.is_ok());
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let world = World::new();
    let (checked, [official, site]) = two_ways_in(&world).await;
    world.services.accounts.remove_identity(&checked, official).await.unwrap();
    assert_eq!(
        world.services.accounts.remove_identity(&checked, site).await,
        Err(ServiceError::LastIdentity)
    );
    assert_eq!(world.database.identities(checked.account.id).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_two_cannot_be_removed_at_once() {
    let world = World::new();
    let (checked, both) = two_ways_in(&world).await;
    let mut tasks = JoinSet::new();
    for identity in both {
        let (node, checked) = (world.node(|_| ()), checked.clone());
        tasks.spawn(async move { node.accounts.remove_identity(&checked, identity).await });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(Result::is_err);
    assert_eq!(answers, [Ok(()), Err(ServiceError::LastIdentity)]);
}

#[tokio::test]
async fn nobody_removes_the_identity_of_another_account() {
    let world = World::new();
    let (checked, _) = two_ways_in(&world).await;
    let (_, login) = world.registered("oBela", OTHER_PHONE).await;
    let of_bela = world.identities_of(&login).await[0];
    assert_eq!(
        world.services.accounts.remove_identity(&checked, of_bela).await,
        Err(ServiceError::IdentityUnknown)
    );
    assert_eq!(world.identities_of(&login).await, [of_bela]);
}

#[tokio::test]
async fn a_login_of_ten_minutes_ago_is_too_old() {
    let world = World::new();
    let (checked, [_, site]) = two_ways_in(&world).await;
    world.pass(secs(600));
    assert_eq!(
        world.services.accounts.remove_identity(&checked, site).await,
        Err(ServiceError::RecentLoginRequired)
    );
    let again = world.another_session("oAnna").await;
    let fresh = world.services.sessions.check(&again.token).await.unwrap();
    world.pass(secs(600) - millis(1));
    assert_eq!(world.services.accounts.remove_identity(&fresh, site).await, Ok(()));
}

#[tokio::test]
async fn a_removal_that_is_not_committed_is_an_error() {
    let world = World::new();
    let (checked, [_, site]) = two_ways_in(&world).await;
    let node = world.node(|ports| ports.accounts = broken::accounts());
    assert_eq!(node.accounts.remove_identity(&checked, site).await, Err(store_error()));
    assert!(world.database.identity(site).await.unwrap().unwrap().account.is_some());
}
