//! Finding the account of a person whom another app knows.

use saoma_domain::{
    ports::{Accounts, WechatError},
    services::{FollowUp, ScannedEvent, ServiceError, StartedLogin, TakenScan},
    wechat::{Follower, RawUnionId},
};

use crate::world::{OTHER_PHONE, PHONE, World, app, open_account, openid, wish};

fn follower(unionid: &str) -> Follower {
    Follower { subscribed: true, unionid: Some(RawUnionId::parse(unionid).unwrap()) }
}

async fn scan_in(world: &World, name: &str, person: &str) -> (StartedLogin, TakenScan) {
    let started = world.services.start.with_qr(wish(name)).await.unwrap();
    let event = ScannedEvent { app: app(name), ..world.event(&started, person) };
    let taken = world.services.scans.take_scan(event).await.unwrap();
    (started, taken)
}

/// Gives a person of the app `main` an account and lets their unionid be known.
async fn known_in_main(world: &World, person: &str, phone: &str, unionid: &str) {
    world.wechat.know(&app("main"), openid(person), follower(unionid));
    let (started, taken) = scan_in(world, "main", person).await;
    world.services.scans.follow_up(taken.follow_up.unwrap()).await.unwrap();
    world.bind(&started.held, phone).await.unwrap();
}

async fn scan_in_shop(world: &World, person: &str) -> (StartedLogin, FollowUp) {
    let (started, taken) = scan_in(world, "shop", person).await;
    (started, taken.follow_up.unwrap())
}

#[tokio::test]
async fn a_person_whom_another_app_knows_is_logged_in_without_a_phone_number() {
    let world = World::new();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    let (started, work) = scan_in_shop(&world, "oShopAnna").await;
    world.services.scans.follow_up(work).await.unwrap();

    let login = world.services.waiting.look(&started.held).await.unwrap();
    assert_eq!(login.version, 3);
    let account = world.account_of(&login).await;
    assert_eq!(account.phone.e164(), format!("+86{PHONE}"));
    assert_eq!(world.ledger.identities(account.id).await.unwrap().len(), 2);
    let (_, next) = scan_in(&world, "shop", "oShopAnna").await;
    assert_eq!(next.follow_up, None, "from now on the scan is enough");
}

#[tokio::test]
async fn an_identity_that_is_linked_after_its_login_was_given_up_shows_in_every_session() {
    let world = World::new();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    let granted = world.another_session("oAnna").await;
    assert_eq!(world.services.sessions.check(&granted.token).await.unwrap().identities.len(), 1);
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    let (started, work) = scan_in_shop(&world, "oShopAnna").await;
    world.services.cancellation.cancel(&started.held).await.unwrap();
    world.services.scans.follow_up(work).await.unwrap();
    assert_eq!(world.services.sessions.check(&granted.token).await.unwrap().identities.len(), 2);
}

#[tokio::test]
async fn a_repeated_event_makes_up_for_work_that_was_not_done() {
    let world = World::new();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    // Whoever took the first event died before it asked WeChat.
    let (started, _) = scan_in_shop(&world, "oShopAnna").await;
    let event = ScannedEvent { app: app("shop"), ..world.event(&started, "oShopAnna") };
    let again = world.services.scans.take_scan(event).await.unwrap();
    world.services.scans.follow_up(again.follow_up.unwrap()).await.unwrap();
    assert_eq!(world.services.waiting.look(&started.held).await.unwrap().state.name(), "registered");
}

#[tokio::test]
async fn who_has_no_unionid_or_is_unknown_binds_a_phone_number() {
    let world = World::new();
    let (started, work) = scan_in_shop(&world, "oAnna").await;
    let unknown = world.services.scans.follow_up(work.clone()).await;
    assert!(matches!(unknown, Err(ServiceError::Wechat(WechatError::NotFound { .. }))));
    world.wechat.know(&app("shop"), openid("oAnna"), Follower { subscribed: true, unionid: None });
    assert_eq!(world.services.scans.follow_up(work).await, Ok(()));
    assert_eq!(world.services.waiting.look(&started.held).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn an_account_with_another_user_of_the_app_is_left_alone() {
    let world = World::new();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    // A second person of the app claims the same unionid.
    world.wechat.know(&app("main"), openid("oBela"), follower("uAnna"));
    let (started, taken) = scan_in(&world, "main", "oBela").await;
    world.services.scans.follow_up(taken.follow_up.unwrap()).await.unwrap();
    assert_eq!(world.services.waiting.look(&started.held).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn a_link_that_comes_after_the_phone_number_changes_nothing() {
    let world = World::new();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    let (started, work) = scan_in_shop(&world, "oShopAnna").await;
    let login = world.bind(&started.held, OTHER_PHONE).await.unwrap();
    world.services.scans.follow_up(work).await.unwrap();
    assert_eq!(world.services.waiting.look(&started.held).await, Ok(login));
}

#[tokio::test]
async fn linking_that_is_switched_off_leaves_no_work_behind() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.link_by_unionid = false);
    let (_, taken) = scan_in(&world, "main", "oAnna").await;
    assert_eq!(taken.follow_up, None);
}

#[tokio::test]
async fn who_has_an_account_is_asked_about_only_where_other_apps_may_know_them() {
    let mut world = World::new();
    world.registered("oAnna", PHONE).await;
    for (apps, asked) in [(vec!["main"], false), (vec!["main", "site"], true), (vec!["shop", "site"], false)]
    {
        let bound = apps.iter().map(|name| (app(name), open_account("default"))).collect();
        world.services = world.node_with_policy(|policy| policy.open_accounts = bound);
        let (_, taken) = scan_in(&world, "main", "oAnna").await;
        assert_eq!(taken.follow_up.is_some(), asked, "{apps:?}");
    }
}
