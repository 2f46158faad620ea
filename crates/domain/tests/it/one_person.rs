//! A person who came in by two channels is one account, as far as unionids show it.

use saoma_domain::{
    login::LoginState,
    ports::{Accounts, AuditKind, AuditTrail},
    wechat::{Follower, MiniProgramUser},
};

use crate::{
    channels::{apart, mini_user, unionid, user, user_with},
    world::{OTHER_PHONE, PHONE, World, app, browser, openid},
};

fn mini_user_with(person: &str, union: &str) -> MiniProgramUser {
    MiniProgramUser { unionid: Some(unionid(union)), ..mini_user(person) }
}

#[tokio::test]
async fn a_unionid_that_comes_with_the_person_links_at_once() {
    let world = World::new();
    let (auth, _) = world.by_site(user_with("wAnna", "uAnna")).await;
    let bound = world.bind(&auth, PHONE).await.unwrap();
    let (_, login) = world.by_mini_program(mini_user_with("mAnna", "uAnna")).await;
    assert_eq!(login.version, 2, "registered without a phone number");
    assert_eq!(world.account_of(&login).await, world.account_of(&bound).await);
    let (_, stranger) = world.by_mini_program(mini_user_with("mBela", "uBela")).await;
    assert_eq!(stranger.state.name(), "unregistered");
}

#[tokio::test]
async fn a_unionid_that_a_known_person_shows_later_links_the_next_identity() {
    let world = World::new();
    let (auth, _) = world.by_site(user("wAnna")).await;
    let bound = world.bind(&auth, PHONE).await.unwrap();
    world.by_site(user_with("wAnna", "uAnna")).await;
    let (_, login) = world.by_mini_program(mini_user_with("mAnna", "uAnna")).await;
    assert_eq!(world.account_of(&login).await, world.account_of(&bound).await);
}

#[tokio::test]
async fn a_follower_of_old_is_linked_once_wechat_is_asked() {
    let world = World::new();
    let (_, bound) = world.registered("oAnna", PHONE).await;
    let anna = Follower { subscribed: true, unionid: Some(unionid("uAnna")), ..Follower::default() };
    world.wechat.know(&app("main"), openid("oAnna"), anna);
    world.scan(&world.start().await, "oAnna").await;
    world.background.run().await.unwrap();
    let (_, login) = world.by_site(user_with("wAnna", "uAnna")).await;
    assert_eq!(world.account_of(&login).await, world.account_of(&bound).await);
    world.background.lose();
    world.scan(&world.start().await, "oAnna").await;
    assert_eq!(world.background.pending(), 0, "once is enough");
}

#[tokio::test]
async fn two_accounts_of_one_person_are_not_merged_but_shown() {
    let world = World::new();
    let (auth, _) = world.by_site(user("wAnna")).await;
    let first = world.bind(&auth, PHONE).await.unwrap();
    let (auth, _) = world.by_mini_program(mini_user_with("mAnna", "uAnna")).await;
    let second = world.bind(&auth, OTHER_PHONE).await.unwrap();
    let (back_again, login) = world.by_site(user_with("wAnna", "uAnna")).await;
    let (ours, theirs) = (world.account_of(&first).await, world.account_of(&second).await);
    assert_eq!(world.account_of(&login).await, ours, "everybody stays where they are");
    for (auth, login, other) in [(&back_again, &login, &theirs), (&auth, &second, &ours)] {
        let issued = world.services.session_issuer.issue(auth, login, browser()).await.unwrap();
        let checked = world.services.sessions.check(&issued.token).await.unwrap();
        assert_eq!(checked.conflicts.len(), 1);
        assert_eq!(&checked.conflicts[0].other, other);
        assert_eq!(checked.identities, [checked.conflicts[0].identity.clone()]);
        let trail = world.database.entries(checked.account.id, 100).await.unwrap();
        let found = trail.iter().filter(|entry| entry.kind == AuditKind::ConflictFound);
        assert_eq!(found.count(), 1);
    }
}

#[tokio::test]
async fn a_unionid_says_nothing_in_another_open_platform_account() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.open_accounts = apart());
    let anna = Follower { subscribed: true, unionid: Some(unionid("u1")), ..Follower::default() };
    world.wechat.know(&app("main"), openid("oAnna"), anna);
    let started = world.start().await;
    world.scan(&started, "oAnna").await;
    world.bind(&started.auth, PHONE).await.unwrap();
    let (_, login) = world.by_site(user_with("wBela", "u1")).await;
    assert_eq!(login.state.name(), "unregistered", "the same letters, another person");
}

#[tokio::test]
async fn unionids_are_not_kept_where_links_are_not_wanted() {
    for wanted in [false, true] {
        let mut world = World::new();
        world.services = world.node_with_policy(|policy| {
            policy.link_by_unionid = wanted;
            if wanted {
                policy.open_accounts.clear();
            }
        });
        let (auth, login) = world.by_site(user_with("wAnna", "uAnna")).await;
        let LoginState::Unregistered { identity: Some(identity), .. } = login.state else {
            unreachable!("{login:?}")
        };
        assert_eq!(world.database.identity(identity).await.unwrap().unwrap().union, None);
        world.bind(&auth, PHONE).await.unwrap();
        let (_, other) = world.by_mini_program(mini_user_with("mAnna", "uAnna")).await;
        assert_eq!(other.state.name(), "unregistered");
        world.scan(&world.start().await, "oAnna").await;
        assert_eq!(world.background.pending(), 0, "WeChat has not to be asked");
    }
}
