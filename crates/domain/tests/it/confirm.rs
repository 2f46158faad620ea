//! The phone that scanned is asked, and may say later that it was not its person.

use std::sync::Arc;

use saoma_domain::{
    login::{ExpiryReason, LoginState, PhoneLink, PhoneLinkKind},
    ports::PhoneAnswer,
    services::{ConfirmBy, ScanReply, ServiceError, Services},
};

use crate::world::{PHONE, START, World, app, browser, openid, request, secs, told};

/// Returns a node that asks the phones of the app `main`.
fn asking(world: &World, by: ConfirmBy) -> Arc<Services> {
    world.node_with_policy(|policy| policy.confirm = [(app("main"), by)].into())
}

pub(crate) fn asked(reply: ScanReply) -> (PhoneLink, bool, u8) {
    let ScanReply::Asked { link, in_chat, tries_left, .. } = reply else {
        unreachable!("not asked: {reply:?}")
    };
    (link, in_chat, tries_left)
}

#[tokio::test]
async fn the_client_waits_until_the_phone_says_yes() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let node = asking(&world, ConfirmBy::Click);
    let started = world.start().await;
    let reply = node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert_eq!(told(&reply), ("asked", browser(), START));
    let (link, in_chat, _) = asked(reply);
    assert!(!in_chat);
    let waiting = node.waiting.look(&started.auth).await.unwrap();
    assert_eq!((waiting.state.name(), waiting.version), ("loop", 2));
    let seen = node.confirmation.look(PhoneLinkKind::Confirm, link.reveal()).await.unwrap();
    assert_eq!((seen.client_info, seen.scanned_at), (browser(), START));
    assert_eq!(node.waiting.look(&started.auth).await.unwrap(), waiting, "a look changes nothing");

    let (_, reply) = node.confirmation.answer(link.reveal(), PhoneAnswer::Yes, None).await.unwrap();
    assert_eq!(reply.as_str(), "logged_in");
    let login = node.waiting.look(&started.auth).await.unwrap();
    assert_eq!((login.state.name(), login.version), ("registered", 3));
    let session = node.session_issuer.issue(&started.auth, &login, browser()).await.unwrap().session;
    assert_eq!(session.auth_methods.to_string(), "wechat_qr confirm_click");
    let (_, again) = node.confirmation.answer(link.reveal(), PhoneAnswer::Yes, None).await.unwrap();
    assert_eq!(again.as_str(), "logged_in", "a second tap is told the same");
}

#[tokio::test]
async fn a_phone_that_refuses_ends_the_login_and_its_address_gets_no_new_code_for_ten_minutes() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let node = asking(&world, ConfirmBy::Click);
    let started = world.start().await;
    let (link, ..) = asked(node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap());
    let (_, reply) = node.confirmation.answer(link.reveal(), PhoneAnswer::No, None).await.unwrap();
    assert_eq!(reply, ScanReply::Refused);
    let login = node.waiting.look(&started.auth).await.unwrap();
    assert!(matches!(login.state, LoginState::Expired { reason: ExpiryReason::Denied, .. }), "{login:?}");
    let refused = node.start.with_qr(request("main")).await.unwrap_err();
    assert!(matches!(refused, ServiceError::RateLimited { .. }), "{refused:?}");
    world.pass(secs(600));
    node.start.with_qr(request("main")).await.unwrap();
}

#[tokio::test]
async fn the_number_is_taken_on_the_page_and_in_the_chat() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let node = asking(&world, ConfirmBy::Number);
    for in_chat in [false, true] {
        let started = world.start().await;
        let (link, may_be_in_chat, tries) =
            asked(node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap());
        assert!(may_be_in_chat && tries == 3);
        let LoginState::Scanned { question, .. } = node.waiting.look(&started.auth).await.unwrap().state
        else {
            panic!("it waits for the number")
        };
        let number = question.number().unwrap();
        let wrong = if number.get() == 99 { "98".to_owned() } else { (number.get() + 1).to_string() };
        let tell = async |text: &str| match in_chat {
            true => {
                let said = node.confirmation.answer_in_chat(&app("main"), &openid("oAnna"), text).await;
                said.unwrap().map(|(_, reply)| reply)
            }
            false => {
                let answer = PhoneAnswer::Number(saoma_domain::login::ConfirmNumber::parse(text));
                Some(node.confirmation.answer(link.reveal(), answer, None).await.unwrap().1)
            }
        };
        assert_eq!(asked(tell(&wrong).await.unwrap()).2, 2, "two tries are left");
        assert_eq!(tell(&number.to_string()).await.unwrap().as_str(), "logged_in");
        assert_eq!(node.waiting.look(&started.auth).await.unwrap().state.name(), "registered");
    }
    let nothing = node.confirmation.answer_in_chat(&app("main"), &openid("oAnna"), "47").await.unwrap();
    assert_eq!(nothing, None, "no phone is asked any more");
}

#[tokio::test]
async fn digits_in_the_chat_are_no_tap() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let node = asking(&world, ConfirmBy::Click);
    let started = world.start().await;
    node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    let said = node.confirmation.answer_in_chat(&app("main"), &openid("oAnna"), "47").await.unwrap();
    assert_eq!(said, None, "a tap was asked for");
    assert_eq!(node.waiting.look(&started.auth).await.unwrap().version, 2);
}

#[tokio::test]
async fn a_link_is_good_for_its_purpose_alone() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let node = asking(&world, ConfirmBy::Click);
    let started = world.start().await;
    let (link, ..) = asked(node.scans.take_scan(world.event(&started, "oAnna")).await.unwrap());
    assert_eq!(node.confirmation.not_me(link.reveal()).await, Err(ServiceError::LoginUnknown));
    let (before, after) = link.reveal().split_at(60);
    let made_up = format!("{before}{}{}", if after.starts_with('A') { 'B' } else { 'A' }, &after[1..]);
    for wrong in ["", "x", made_up.as_str()] {
        let refused = node.confirmation.answer(wrong, PhoneAnswer::Yes, None).await.unwrap_err();
        assert_eq!(refused, ServiceError::LoginUnknown);
    }
    assert_eq!(node.waiting.look(&started.auth).await.unwrap().version, 2);
}

#[tokio::test]
async fn not_me_ends_login_and_session_on_every_node() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let started = world.start().await;
    let ScanReply::LoggedIn { not_me, .. } = world.scan(&started, "oAnna").await else {
        panic!("she has an account")
    };
    let login = world.services.waiting.look(&started.auth).await.unwrap();
    let issued = world.services.session_issuer.issue(&started.auth, &login, browser()).await.unwrap();
    let other = world.node(|_| {});
    other.confirmation.not_me(not_me.reveal()).await.unwrap();
    let checked = world.services.sessions.check(&issued.token).await;
    assert_eq!(checked.unwrap_err(), ServiceError::SessionInvalid);
    let login = world.services.waiting.look(&started.auth).await.unwrap();
    assert!(matches!(login.state, LoginState::Expired { reason: ExpiryReason::Denied, .. }), "{login:?}");
    other.confirmation.not_me(not_me.reveal()).await.unwrap();
    world.pass(secs(24 * 3600));
    assert_eq!(other.confirmation.not_me(not_me.reveal()).await, Err(ServiceError::LoginUnknown));
}
