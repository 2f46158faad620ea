//! Logins that begin with a code which the person sends to the official account.

use std::sync::Arc;

use saoma_domain::{
    login::{LoginScene, MessageCode},
    ports::{MessageCodes, MockLimits, MockMessageCodes, MockOfficialAccount, Verdict},
    services::{
        ConfirmBy, Policy, Ports, ReadCode, ScanReply, ScannedEvent, ServiceError, Services, StartedByMessage,
    },
};

use crate::{
    broken,
    world::{PHONE, START, World, app, client, keys, openid, policy, request, secs, told, unlimited},
};

fn settings() -> Policy {
    Policy { by_message: [app("main"), app("shop")].into(), ..policy() }
}

/// Returns a node whose accounts can make no QR codes; some of its ports may be others.
fn node_with(world: &World, change: impl FnOnce(&mut Ports)) -> Arc<Services> {
    let mut ports = world.ports();
    // WeChat is not asked for a code.
    ports.official_account = Arc::new(MockOfficialAccount::new());
    change(&mut ports);
    Arc::new(Services::new(ports, keys(&[1]), Policy { link_by_unionid: false, ..settings() }))
}

fn node(world: &World) -> Arc<Services> {
    node_with(world, |_| {})
}

async fn start(node: &Services) -> StartedByMessage {
    node.start.by_message(request("main")).await.unwrap()
}

fn code(digits: &str) -> MessageCode {
    MessageCode::parse(digits).unwrap()
}

async fn read(node: &Services, person: &str, code: &MessageCode) -> ReadCode {
    node.message_codes.read(&app("main"), &openid(person), code).await.unwrap()
}

/// Has a person send a code, and takes the scan that it is.
async fn send(node: &Services, person: &str, code: &MessageCode) -> ScanReply {
    let ReadCode::Login(scene) = read(node, person, code).await else {
        unreachable!("the code leads nowhere")
    };
    let event = ScannedEvent { app: app("main"), openid: openid(person), scene: scene.to_string() };
    node.scans.take_scan(event).await.unwrap()
}

/// Returns a code that was not given to a login.
fn wrong(right: &MessageCode) -> MessageCode {
    let other = if right.reveal() == "000000" { "000001" } else { "000000" };
    code(other)
}

#[tokio::test]
async fn a_message_with_the_code_is_the_scan() {
    let world = World::new();
    let node = node(&world);
    let started = start(&node).await;
    assert_eq!(started.auth.id().deadline(), START.plus(secs(120)));
    assert_eq!(world.committed(&started.auth).await, None, "a login that is not scanned costs no row");
    let expected = LoginScene { purpose: request("main").context.purpose, id: started.auth.id() };
    assert_eq!(read(&node, "oAnna", &started.code).await, ReadCode::Login(expected));
    let reply = send(&node, "oAnna", &started.code).await;
    assert_eq!(told(&reply), ("phone_needed", request("main").context.client_info, START));
    let again = send(&node, "oAnna", &started.code).await;
    assert_eq!(again.as_str(), "phone_needed", "a repetition is told the same");
    assert_eq!(send(&node, "oBela", &started.code).await, ScanReply::ByAnother);
}

#[tokio::test]
async fn a_known_person_is_logged_in_and_the_phone_is_asked_where_the_settings_say_so() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let started = start(&node(&world)).await;
    assert_eq!(send(&node(&world), "oAnna", &started.code).await.as_str(), "logged_in");
    let confirm = [(app("main"), ConfirmBy::Number)].into();
    let asking = Services::new(world.ports(), keys(&[1]), Policy { confirm, ..settings() });
    let started = start(&asking).await;
    assert!(matches!(send(&asking, "oAnna", &started.code).await, ScanReply::Asked { in_chat: true, .. }));
}

#[tokio::test]
async fn a_code_that_is_sent_too_late_is_known_for_a_minute() {
    let world = World::new();
    let node = node(&world);
    let started = start(&node).await;
    world.pass(secs(121));
    assert_eq!(send(&node, "oAnna", &started.code).await.as_str(), "expired");
    world.pass(secs(60));
    assert_eq!(read(&node, "oAnna", &started.code).await, ReadCode::Unknown);
}

#[tokio::test]
async fn other_texts_and_the_texts_of_other_accounts_are_none() {
    let world = World::new();
    let node = node(&world);
    let started = start(&node).await;
    let said = format!("code {}", started.code.reveal());
    for text in ["", "hello", "47", "1234567", &said] {
        assert_eq!(node.message_codes.code_in(&app("main"), text), None, "{text}");
    }
    let digits = started.code.reveal();
    assert_eq!(node.message_codes.code_in(&app("main"), digits).as_ref(), Some(&started.code));
    let by_qr = world.services.message_codes.code_in(&app("main"), digits);
    assert_eq!(by_qr, None, "an account with QR codes has none");
    let shop = node.message_codes.read(&app("shop"), &openid("oAnna"), &started.code).await;
    assert_eq!(shop, Ok(ReadCode::Unknown), "another account's codes are others");
}

#[tokio::test]
async fn wrong_codes_of_one_person_are_limited_and_right_ones_are_not() {
    let world = World::new();
    let node = node(&world);
    for _ in 0..20 {
        let started = node.start.by_message(request("main")).await.unwrap();
        assert!(matches!(read(&node, "oAnna", &started.code).await, ReadCode::Login(_)));
    }
    let started = start(&node).await;
    let wrong = wrong(&started.code);
    for _ in 0..5 {
        assert_eq!(read(&node, "oAnna", &wrong).await, ReadCode::Unknown);
    }
    for code in [&wrong, &started.code] {
        assert_eq!(read(&node, "oAnna", code).await, ReadCode::TooMany);
    }
    assert!(matches!(read(&node, "oBela", &started.code).await, ReadCode::Login(_)));
    world.pass(secs(3600));
    assert_eq!(read(&node, "oAnna", &wrong).await, ReadCode::Unknown);
}

#[tokio::test]
async fn another_code_is_drawn_where_one_is_taken() {
    let world = World::new();
    let first = start(&node(&world)).await;
    let mut codes = MockMessageCodes::new();
    let mut taken = 0;
    codes.expect_claim().times(4).returning(move |_, _, _, _| {
        taken += 1;
        Ok(taken == 4)
    });
    let second = start(&node_with(&world, |ports| ports.message_codes = Arc::new(codes))).await;
    assert_ne!(first.code, second.code);
    let mut full = MockMessageCodes::new();
    full.expect_claim().times(10).returning(|_, _, _, _| Ok(false));
    let full = node_with(&world, |ports| ports.message_codes = Arc::new(full));
    let refused = full.start.by_message(request("main")).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Store(_)), "{refused:?}");
}

#[tokio::test]
async fn a_client_that_starts_too_many_is_told_when_to_come_back() {
    let world = World::new();
    let node = node(&world);
    for _ in 0..30 {
        start(&node).await;
    }
    let refused = node.start.by_message(request("main")).await.unwrap_err();
    assert_eq!(refused, ServiceError::RateLimited { retry_after: secs(3) });
    let neighbour = saoma_domain::services::StartLogin { client: client("192.0.2.8"), ..request("main") };
    assert!(node.start.by_message(neighbour).await.is_ok());
}

#[tokio::test]
async fn without_a_store_no_code_is_given_and_none_is_believed() {
    let world = World::new();
    let away = || {
        let mut codes = MockMessageCodes::new();
        codes.expect_claim().returning(|_, _, _, _| Err(broken::away()));
        codes.expect_find().returning(|_, _, _| Err(broken::away()));
        Arc::new(codes) as Arc<dyn MessageCodes>
    };
    let node = node_with(&world, |ports| ports.message_codes = away());
    assert_eq!(node.start.by_message(request("main")).await.unwrap_err(), broken::store_error());
    let lost = node.message_codes.read(&app("main"), &openid("oAnna"), &code("482913")).await;
    assert_eq!(lost, Err(broken::store_error()));
    let node = node_with(&world, |ports| ports.limits = broken::limits());
    let uncounted = node.message_codes.read(&app("main"), &openid("oAnna"), &code("482913")).await;
    assert_eq!(uncounted, Err(broken::store_error()), "a guess that cannot be counted is not tried");
}

#[tokio::test]
async fn a_guess_is_counted_before_it_is_tried() {
    let world = World::new();
    let mut limits = MockLimits::new();
    let refused = Verdict::Refused { retry_after: secs(1) };
    limits.expect_take().returning(move |_, _| Ok(refused));
    let ports = Ports {
        limits: Arc::new(limits),
        // None of its methods is called.
        message_codes: Arc::new(MockMessageCodes::new()),
        ..world.ports()
    };
    let node = Services::new(ports, keys(&[1]), Policy { limits: unlimited(), ..settings() });
    assert_eq!(read(&node, "oAnna", &code("482913")).await, ReadCode::TooMany);
}
