//! A person whom a unionid leads to an account is logged in by the scan itself.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    login::{ClientInfo, Login},
    ports::{MockOfficialAccount, WechatError},
    services::{ScanReply, StartedLogin},
    time::Timestamp,
    wechat::Follower,
};

use crate::{
    broken::{self, store_error},
    channels::{unionid, user_with},
    world::{PHONE, START, World, app, browser, millis, open_account, openid, request, secs, told},
};

/// How long a scan waits for WeChat.
const WITHIN: Duration = millis(1500);

fn follower(name: &str) -> Follower {
    Follower { subscribed: true, unionid: Some(unionid(name)), ..Follower::default() }
}

fn go_on() -> (&'static str, ClientInfo, Timestamp) {
    ("phone_needed", browser(), START)
}

fn logged_in() -> (&'static str, ClientInfo, Timestamp) {
    ("logged_in", browser(), START)
}

/// Returns a world in which a website knows Anna, and WeChat her unionid in the official account `main`.
async fn known_to_the_site() -> World {
    let world = World::new();
    let (auth, _) = world.by_site(user_with("wAnna", "uAnna")).await;
    world.bind(&auth, PHONE).await.unwrap();
    world.wechat.know(&app("main"), openid("oAnna"), follower("uAnna"));
    world
}

async fn look(world: &World, started: &StartedLogin) -> Login {
    world.services.waiting.look(&started.auth).await.unwrap()
}

#[tokio::test]
async fn who_is_known_to_another_app_is_logged_in_by_the_scan() {
    let world = known_to_the_site().await;
    let started = world.start().await;
    assert_eq!(told(&world.scan(&started, "oAnna").await), logged_in());
    let login = look(&world, &started).await;
    assert_eq!((login.version, login.state.name()), (2, "registered"), "no form was ever shown");
    assert_eq!(world.identities_of(&login).await.len(), 2);
    assert_eq!(world.paced.asked(), [WITHIN]);
    assert_eq!(world.background.pending(), 0);
}

#[tokio::test]
async fn the_scan_of_a_known_person_costs_no_call() {
    let world = known_to_the_site().await;
    for _ in 0..3 {
        assert_eq!(told(&world.scan(&world.start().await, "oAnna").await), logged_in());
    }
    assert_eq!(world.paced.asked(), [WITHIN], "the first one");
}

#[tokio::test]
async fn who_is_new_everywhere_is_asked_about_once() {
    let world = World::new();
    world.wechat.know(&app("main"), openid("oAnna"), follower("uAnna"));
    let started = world.start().await;
    for _ in 0..2 {
        assert_eq!(told(&world.scan(&started, "oAnna").await), go_on());
    }
    assert_eq!(told(&world.scan(&world.start().await, "oAnna").await), go_on());
    assert_eq!((world.paced.asked(), world.background.pending()), (vec![WITHIN], 0));
}

#[tokio::test]
async fn a_unionid_that_was_told_before_is_enough_once_it_leads_to_an_account() {
    let world = World::new();
    world.wechat.know(&app("main"), openid("oAnna"), follower("uAnna"));
    world.scan(&world.start().await, "oAnna").await;
    let (auth, _) = world.by_site(user_with("wAnna", "uAnna")).await;
    world.bind(&auth, PHONE).await.unwrap();
    assert_eq!(told(&world.scan(&world.start().await, "oAnna").await), logged_in());
    assert_eq!(world.paced.asked().len(), 1);
}

#[tokio::test]
async fn who_has_no_unionid_is_not_asked_about_in_the_background() {
    let world = World::new();
    world.wechat.know(
        &app("main"),
        openid("oAnna"),
        Follower { subscribed: true, unionid: None, ..Follower::default() },
    );
    assert_eq!(told(&world.scan(&world.start().await, "oAnna").await), go_on());
    assert_eq!((world.paced.asked(), world.background.pending()), (vec![WITHIN], 0));
}

#[tokio::test]
async fn wechat_may_take_a_second_and_a_half_and_no_longer() {
    for (takes, reply, state) in
        [(WITHIN, logged_in(), "registered"), (millis(1501), go_on(), "unregistered")]
    {
        let world = known_to_the_site().await;
        world.paced.take(takes);
        let started = world.start().await;
        assert_eq!(told(&world.scan(&started, "oAnna").await), reply);
        assert_eq!(look(&world, &started).await.state.name(), state);
    }
}

#[tokio::test]
async fn a_login_moves_once_wechat_answers_that_was_too_slow_or_refused() {
    let refusal = WechatError::Refused { errcode: 48001, advice: "ask for the permission".to_owned() };
    for is_slow in [true, false] {
        let world = known_to_the_site().await;
        let started = world.start().await;
        if is_slow {
            world.paced.take(secs(2));
        } else {
            world.wechat.fail_next(refusal.clone());
        }
        assert_eq!(told(&world.scan(&started, "oAnna").await), go_on());
        assert_eq!(look(&world, &started).await.state.name(), "unregistered");
        world.background.run().await.unwrap();
        let login = look(&world, &started).await;
        assert_eq!((login.version, login.state.name()), (3, "registered"));
    }
}

#[tokio::test]
async fn a_repeated_event_links_by_what_wechat_tells_then() {
    let world = known_to_the_site().await;
    world.paced.take(secs(2));
    let started = world.start().await;
    let reply = world.scan(&started, "oAnna").await;
    // The node that took the first event died before it asked again.
    world.background.lose();
    world.paced.take(WITHIN);
    assert_eq!(world.scan(&started, "oAnna").await, reply, "the same reply");
    world.background.run().await.unwrap();
    assert_eq!(look(&world, &started).await.state.name(), "registered");
    assert_eq!(world.paced.asked().len(), 2, "once for each event");
}

#[tokio::test]
async fn nothing_is_looked_up_where_no_unionid_could_lead_to_an_account() {
    let world = World::new();
    let alone = [("main", "one"), ("site", "two")].map(|(name, of)| (app(name), open_account(of)));
    let apart = world.node_with_policy(|policy| policy.open_accounts = alone.into());
    let off = world.node_with_policy(|policy| policy.link_by_unionid = false);
    for node in [apart, off] {
        let started = node.start.with_qr(request("main")).await.unwrap();
        node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    }
    let late = world.start().await;
    world.pass(secs(116));
    world.scan(&late, "oAnna").await;
    assert_eq!(world.paced.asked(), []);
}

#[tokio::test]
async fn the_question_never_makes_a_scan_late() {
    let world = World::new();
    let started = world.start().await;
    // A second is left until a scan is too late.
    world.pass(secs(115));
    let (clock, mut wechat) = (world.clock.clone(), MockOfficialAccount::new());
    wechat.expect_follower().times(1).withf(|_, _, within| *within == millis(500)).returning(
        move |_, _, within| {
            clock.advance(within);
            Err(WechatError::Unavailable { reason: "too slow".to_owned(), retry_after: secs(1) })
        },
    );
    let node = world.node(|ports| ports.official_account = Arc::new(wechat));
    let reply = node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert!(matches!(reply, ScanReply::GoOn { .. }));
}

#[tokio::test]
async fn a_scan_by_who_cannot_be_looked_up_is_not_taken() {
    let world = World::new();
    let started = world.start().await;
    let node = world.node(|ports| ports.accounts = broken::accounts());
    assert_eq!(node.scans.take_scan(world.event(&started, "oAnna")).await, Err(store_error()));
    assert_eq!((world.committed(&started.auth).await, world.paced.asked()), (None, Vec::new()));
}
