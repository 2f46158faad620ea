//! Taking scans.

use std::sync::Arc;

use saoma_domain::{
    login::{ClientInfo, ExpiryReason, Login, LoginState},
    ports::{Accounts, CachedLogin, LoginCache, MockLogins, StoreError},
    services::{ScanReply, ScannedEvent, ServiceError},
};

use crate::{
    broken,
    world::{PHONE, START, World, app, browser, millis, openid, request, secs, told},
};

#[tokio::test]
async fn a_newcomer_is_told_to_go_on_and_who_asked() {
    let world = World::new();
    let started = world.start().await;
    world.pass(secs(7));
    let at = START.plus(secs(7));
    assert_eq!(told(&world.scan(&started, "oAnna").await), ("phone_needed", browser(), at));
    let login = world.services.waiting.look(&started.auth).await.unwrap();
    assert_eq!(login.version, 2);
    let until = at.plus(secs(600));
    assert!(matches!(login.state, LoginState::Unregistered { deadline, .. } if deadline == until));
    assert_eq!(world.committed(&started.auth).await, Some(login));
}

#[tokio::test]
async fn who_has_an_account_is_logged_in_by_the_scan() {
    let world = World::new();
    let (_, first) = world.registered("oAnna", PHONE).await;
    let started = world.start().await;
    world.background.lose();
    let reply = world.scan(&started, "oAnna").await;
    assert_eq!(told(&reply), ("logged_in", browser(), START));
    assert_eq!(world.background.pending(), 1, "her unionid is not known yet");
    let second = world.services.waiting.look(&started.auth).await.unwrap();
    assert_eq!(world.account_of(&second).await, world.account_of(&first).await);
}

#[tokio::test]
async fn a_repeated_event_gets_the_same_reply_and_changes_nothing() {
    let world = World::new();
    let started = world.start().await;
    let first = world.scan(&started, "oAnna").await;
    world.pass(secs(3));
    assert_eq!(world.scan(&started, "oAnna").await, first);
    assert_eq!(world.background.pending(), 2, "the node that took the first one may have died");

    let login = world.bind(&started.auth, PHONE).await.unwrap();
    world.pass(secs(300));
    let again = world.scan(&started, "oAnna").await;
    assert_eq!(again, first, "also when the login has moved on");
    assert_eq!(world.committed(&started.auth).await, Some(login));
}

#[tokio::test]
async fn a_code_belongs_to_the_person_who_scanned_it_first() {
    let world = World::new();
    world.registered("oBela", PHONE).await;
    let started = world.start().await;
    world.scan(&started, "oAnna").await;
    let before = world.committed(&started.auth).await;
    for other in ["oBela", "oCora"] {
        assert_eq!(world.scan(&started, other).await, ScanReply::ByAnother);
    }
    assert_eq!(world.committed(&started.auth).await, before);
}

#[tokio::test]
async fn scenes_that_are_not_ours_never_reach_the_database() {
    let mut world = World::new();
    let elsewhere = world.node_with_keys(&[2]).start.with_qr(request("main")).await.unwrap();
    let forged = world.event(&elsewhere, "oAnna").scene;
    world.services = world.node(|ports| ports.logins = Arc::new(MockLogins::new()));
    let ours = world.start().await.auth.id();
    for scene in [
        "",
        "shop:42",
        "login:web:",
        &forged,
        &format!("login:web:{ours}x"),
        &format!("qrscene_login:web:{ours}"),
    ] {
        let event = ScannedEvent { app: app("main"), openid: openid("oAnna"), scene: scene.to_owned() };
        assert_eq!(world.services.scans.take_scan(event).await, Ok(ScanReply::Foreign), "{scene}");
    }
}

#[tokio::test]
async fn a_code_of_one_app_is_foreign_to_another() {
    let world = World::new();
    let started = world.start().await;
    let event = ScannedEvent { app: app("shop"), ..world.event(&started, "oAnna") };
    assert_eq!(world.services.scans.take_scan(event).await, Ok(ScanReply::Foreign));
    assert_eq!(world.committed(&started.auth).await, None);
}

#[tokio::test]
async fn a_scan_within_the_margin_of_a_commit_is_too_late() {
    let world = World::new();
    let (in_time, late) = (world.start().await, world.start().await);
    world.pass(secs(116) - millis(1));
    assert!(matches!(world.scan(&in_time, "oAnna").await, ScanReply::GoOn { .. }));
    world.pass(millis(1));
    let over = ScanReply::Over(ExpiryReason::Timeout);
    assert_eq!(world.scan(&late, "oBela").await, over);
    assert_eq!(
        world.services.waiting.look(&late.auth).await,
        Ok(Login::new(late.auth.id())),
        "it ends at its deadline"
    );
    world.pass(secs(4));
    assert_eq!(world.scan(&late, "oBela").await, over);
    let ended = world.services.waiting.look(&late.auth).await.unwrap();
    let reason = ExpiryReason::Timeout;
    assert_eq!(ended.state, LoginState::Expired { reason, since: late.auth.id().deadline() });
    assert_eq!(world.committed(&late.auth).await, None);
}

#[tokio::test]
async fn the_margin_of_a_short_lifetime_is_an_eighth() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| policy.qr_ttl = secs(8));
    let (in_time, late) = (world.start().await, world.start().await);
    world.pass(secs(7) - millis(1));
    assert!(matches!(world.scan(&in_time, "oAnna").await, ScanReply::GoOn { .. }));
    world.pass(millis(1));
    assert_eq!(world.scan(&late, "oBela").await, ScanReply::Over(ExpiryReason::Timeout));
}

#[tokio::test]
async fn the_code_of_a_cancelled_login_is_over() {
    let world = World::new();
    let started = world.start().await;
    world.services.cancellation.cancel(&started.auth).await.unwrap();
    assert_eq!(world.scan(&started, "oAnna").await, ScanReply::Over(ExpiryReason::Cancelled));
}

#[tokio::test]
async fn a_scan_is_committed_and_answered_without_a_cache() {
    let world = World::new();
    let started = world.start().await;
    let node = world.node(|ports| ports.login_cache = broken::login_cache());
    let reply = node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert_eq!(told(&reply), ("phone_needed", ClientInfo::default(), START), "who asked is not known");
    let login = node.waiting.look(&started.auth).await.unwrap();
    assert_eq!(
        (login.state.name(), Some(&login)),
        ("unregistered", world.committed(&started.auth).await.as_ref())
    );
}

#[tokio::test]
async fn a_scan_finds_its_login_after_the_cache_was_emptied() {
    let world = World::new();
    let started = world.start().await;
    world.login_cache.clear();
    assert!(matches!(world.scan(&started, "oAnna").await, ScanReply::GoOn { .. }));
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn a_scan_that_was_not_committed_is_neither_cached_nor_answered() {
    let world = World::new();
    let started = world.start().await;
    world.database.set_available(false);
    let failed = world.services.scans.take_scan(world.event(&started, "oAnna")).await;
    assert!(matches!(failed, Err(ServiceError::Store(StoreError::Unavailable(_)))));
    assert_eq!(world.login_cache.read(started.auth.id()).await, Ok(CachedLogin::Open));
    assert_eq!(world.services.waiting.look(&started.auth).await, Ok(Login::new(started.auth.id())));

    world.database.set_available(true);
    assert!(matches!(world.scan(&started, "oAnna").await, ScanReply::GoOn { .. }), "WeChat sends it again");
}

#[tokio::test]
async fn a_repetition_makes_up_for_a_node_that_died_before_it_published() {
    let world = World::new();
    let started = world.start().await;
    let dying = world.node(|ports| ports.login_cache = broken::login_cache());
    dying.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert_eq!(world.login_cache.read(started.auth.id()).await, Ok(CachedLogin::Open));
    world.scan(&started, "oAnna").await;
    let committed = world.committed(&started.auth).await.unwrap();
    assert_eq!(world.login_cache.read(started.auth.id()).await, Ok(CachedLogin::Outcome(committed)));
}

#[tokio::test]
async fn a_person_whose_account_is_disabled_is_told_so() {
    let world = World::new();
    let (_, login) = world.registered("oAnna", PHONE).await;
    let account = world.account_of(&login).await.id;
    world.database.set_disabled(account, true).await.unwrap();
    let started = world.start().await;
    assert_eq!(world.scan(&started, "oAnna").await, ScanReply::Disabled);
    assert_eq!(
        world.scan(&started, "oAnna").await,
        ScanReply::Disabled,
        "the same when WeChat sends it again"
    );
    world.database.set_disabled(account, false).await.unwrap();
    assert!(matches!(world.scan(&world.start().await, "oAnna").await, ScanReply::LoggedIn { .. }));
}
