//! Finding the account of a person whom another app knows, where WeChat is too slow for the scan.

use saoma_domain::{
    ports::{Accounts, WechatError},
    services::{ScannedEvent, ServiceError, StartedLogin},
    wechat::{Follower, RawUnionId},
};

use crate::world::{OTHER_PHONE, PHONE, World, app, open_account, openid, request, secs};

fn follower(unionid: &str) -> Follower {
    Follower { subscribed: true, unionid: Some(RawUnionId::parse(unionid).unwrap()), ..Follower::default() }
}

/// Returns a world whose WeChat tells about a person only after the scan was answered.
fn slow_world() -> World {
    let world = World::new();
    world.paced.take(secs(2));
    world
}

async fn scan_in(world: &World, name: &str, person: &str) -> StartedLogin {
    let started = world.services.start.with_qr(request(name)).await.unwrap();
    let event = ScannedEvent { app: app(name), ..world.event(&started, person) };
    world.services.scans.take_scan(event).await.unwrap();
    started
}

/// Gives a person of the app `main` an account and lets their unionid be known.
async fn known_in_main(world: &World, person: &str, phone: &str, unionid: &str) {
    world.wechat.know(&app("main"), openid(person), follower(unionid));
    let started = scan_in(world, "main", person).await;
    world.background.run().await.unwrap();
    world.bind(&started.auth, phone).await.unwrap();
}

#[tokio::test]
async fn a_person_whom_another_app_knows_is_logged_in_without_a_phone_number() {
    let world = slow_world();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    let started = scan_in(&world, "shop", "oShopAnna").await;
    world.background.run().await.unwrap();

    let login = world.services.waiting.look(&started.auth).await.unwrap();
    assert_eq!(login.version, 3);
    let account = world.account_of(&login).await;
    assert_eq!(account.phone.unwrap().e164(), format!("+86{PHONE}"));
    assert_eq!(world.database.identities(account.id).await.unwrap().len(), 2);
    scan_in(&world, "shop", "oShopAnna").await;
    assert_eq!(world.background.pending(), 0, "from now on the scan is enough");
}

#[tokio::test]
async fn an_identity_that_is_linked_after_its_login_was_given_up_shows_in_every_session() {
    let world = slow_world();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    let issued = world.another_session("oAnna").await;
    assert_eq!(world.services.sessions.check(&issued.token).await.unwrap().identities.len(), 1);
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    let started = scan_in(&world, "shop", "oShopAnna").await;
    world.services.cancellation.cancel(&started.auth).await.unwrap();
    world.background.run().await.unwrap();
    assert_eq!(world.services.sessions.check(&issued.token).await.unwrap().identities.len(), 2);
}

#[tokio::test]
async fn a_repeated_event_makes_up_for_work_that_was_not_done() {
    let world = slow_world();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    let started = scan_in(&world, "shop", "oShopAnna").await;
    world.background.lose();
    let event = ScannedEvent { app: app("shop"), ..world.event(&started, "oShopAnna") };
    world.services.scans.take_scan(event).await.unwrap();
    world.background.run().await.unwrap();
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "registered");
}

#[tokio::test]
async fn who_has_no_unionid_or_is_unknown_binds_a_phone_number() {
    let world = slow_world();
    let started = scan_in(&world, "shop", "oAnna").await;
    let unknown = world.background.run().await;
    assert!(matches!(unknown, Err(ServiceError::Wechat(WechatError::NotFound { .. }))));
    world.wechat.know(
        &app("shop"),
        openid("oAnna"),
        Follower { subscribed: true, unionid: None, ..Follower::default() },
    );
    let event = ScannedEvent { app: app("shop"), ..world.event(&started, "oAnna") };
    world.services.scans.take_scan(event).await.unwrap();
    assert_eq!(world.background.run().await, Ok(()));
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn an_account_with_another_user_of_the_app_is_left_alone() {
    let world = slow_world();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    // A second person of the app has the same unionid.
    world.wechat.know(&app("main"), openid("oBela"), follower("uAnna"));
    let started = scan_in(&world, "main", "oBela").await;
    world.background.run().await.unwrap();
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn a_link_that_comes_after_the_phone_number_changes_nothing() {
    let world = slow_world();
    known_in_main(&world, "oAnna", PHONE, "uAnna").await;
    world.wechat.know(&app("shop"), openid("oShopAnna"), follower("uAnna"));
    let started = scan_in(&world, "shop", "oShopAnna").await;
    let login = world.bind(&started.auth, OTHER_PHONE).await.unwrap();
    world.background.run().await.unwrap();
    assert_eq!(world.services.waiting.look(&started.auth).await, Ok(login));
}

#[tokio::test]
async fn linking_that_is_switched_off_leaves_no_work_behind() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.link_by_unionid = false);
    scan_in(&world, "main", "oAnna").await;
    assert_eq!(world.background.pending(), 0);
}

#[tokio::test]
async fn who_has_an_account_is_asked_about_only_where_other_apps_may_know_them() {
    let mut world = World::new();
    world.registered("oAnna", PHONE).await;
    for (apps, asked) in [(vec!["main"], 0), (vec!["main", "site"], 1), (vec!["shop", "site"], 0)] {
        world.background.lose();
        let bound = apps.iter().map(|name| (app(name), open_account("default"))).collect();
        world.services = world.node_with_policy(|policy| policy.open_accounts = bound);
        scan_in(&world, "main", "oAnna").await;
        assert_eq!(world.background.pending(), asked, "{apps:?}");
    }
}
