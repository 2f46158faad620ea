//! The gate decides before a session or an account is made.

use std::sync::Arc;

use saoma_domain::{
    login::{ConfirmNumber, ExpiryReason, LoginState},
    ports::{Accounts, GateError, GateVerdict, MockGate, PhoneAnswer, Refusal, RefusalCode, Sessions},
    services::{ConfirmBy, PhoneRule, ScanReply, ServiceError, Services},
};

use crate::{
    confirm::asked,
    world::{PHONE, World, app, browser, openid, request},
};

fn refusal() -> Refusal {
    Refusal::new(RefusalCode::parse("not_a_member").unwrap(), "Members only.", "仅限会员。")
}

/// Returns a node whose gate gives this answer.
fn behind(world: &World, answer: Result<GateVerdict, GateError>) -> Arc<Services> {
    let mut gate = MockGate::new();
    gate.expect_is_open().return_const(false);
    gate.expect_admit().returning(move |_| answer.clone());
    world.node(|ports| ports.gate = Arc::new(gate))
}

#[tokio::test]
async fn no_session_is_issued_to_whom_the_gate_refuses() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let node = behind(&world, Ok(GateVerdict::Refuse(refusal())));
    let refused = node.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert_eq!(refused, ServiceError::Refused(Box::new(refusal())));
    let account = world.account_of(&login).await.id;
    assert!(Sessions::list(&*world.database, account).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_that_was_issued_is_issued_again_without_the_gate() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let first = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let node = behind(&world, Ok(GateVerdict::Refuse(refusal())));
    let again = node.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(again.session, first.session);
}

#[tokio::test]
async fn the_chat_says_what_the_gate_says() {
    let world = World::new();
    world.registered("oAnna", PHONE).await;
    let node = behind(&world, Ok(GateVerdict::Refuse(refusal())));
    let event = world.event(&world.start().await, "oAnna");
    let reply = node.scans.take_scan(event).await.unwrap();
    assert_eq!(reply, ScanReply::NotAdmitted { text: "仅限会员。".to_owned() });
}

#[tokio::test]
async fn no_account_is_made_for_whom_the_gate_refuses() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    let node = behind(&world, Ok(GateVerdict::Refuse(refusal())));
    let refused = node.phone_binding.bind(&auth, PHONE, &code).await.unwrap_err();
    assert_eq!(refused, ServiceError::Refused(Box::new(refusal())));
    assert!(world.services.phone_binding.bind(&auth, PHONE, &code).await.is_ok(), "nothing was made");
}

#[tokio::test]
async fn a_newcomer_whom_the_gate_refuses_leaves_no_account_where_the_scan_alone_makes_one() {
    let world = World::new();
    let gate = |answer: Result<GateVerdict, GateError>| {
        let mut gate = MockGate::new();
        gate.expect_is_open().return_const(false);
        gate.expect_admit().returning(move |asked| {
            assert!(asked.identity.is_some() || asked.account.is_some(), "it is told who it is");
            answer.clone()
        });
        let mut policy = crate::settings::policy();
        policy.phone = PhoneRule::Off;
        let mut ports = world.ports();
        ports.gate = Arc::new(gate);
        Services::new(ports, crate::settings::keys(&[1]), policy)
    };
    let refusing = gate(Ok(GateVerdict::Refuse(refusal())));
    let started = refusing.start.with_qr(request("main")).await.unwrap();
    for _ in 0..2 {
        let reply = refusing.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
        assert_eq!(reply, ScanReply::NotAdmitted { text: "仅限会员。".to_owned() });
    }
    let login = refusing.waiting.look(&started.auth).await.unwrap();
    assert!(matches!(login.state, LoginState::Expired { reason: ExpiryReason::Denied, .. }), "{login:?}");
    let nothing = world.database.identity_of(&app("main"), &openid("oAnna")).await.unwrap();
    assert_eq!(nothing, None, "nothing of them is kept");

    let admitting = gate(Ok(GateVerdict::Admit));
    let started = admitting.start.with_qr(request("main")).await.unwrap();
    let reply = admitting.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert!(matches!(reply, ScanReply::LoggedIn { .. }), "{reply:?}");
}

#[tokio::test]
async fn where_the_phone_is_asked_so_is_the_gate_once_it_says_yes() {
    let world = World::new();
    let node = |answer: Option<GateVerdict>| {
        let mut gate = MockGate::new();
        gate.expect_is_open().return_const(false);
        let times = usize::from(answer.is_some());
        gate.expect_admit()
            .times(times..)
            .returning(move |_| Ok(answer.clone().expect("it is not asked yet")));
        let mut policy = crate::settings::policy();
        (policy.phone, policy.confirm) = (PhoneRule::Off, [(app("main"), ConfirmBy::Number)].into());
        let mut ports = world.ports();
        ports.gate = Arc::new(gate);
        Services::new(ports, crate::settings::keys(&[1]), policy)
    };
    let unasked = node(None);
    let started = unasked.start.with_qr(request("main")).await.unwrap();
    let reply = unasked.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    let (link, ..) = asked(reply);
    let LoginState::Scanned { question, .. } = unasked.waiting.look(&started.auth).await.unwrap().state
    else {
        panic!("it waits for the number")
    };
    let right = question.number().unwrap();
    let wrong = ConfirmNumber::parse(if right.get() == 99 { "98" } else { "99" });
    unasked.confirmation.answer(link.reveal(), PhoneAnswer::Yes, None).await.unwrap();
    unasked.confirmation.answer(link.reveal(), PhoneAnswer::Number(wrong), None).await.unwrap();

    let refusing = node(Some(GateVerdict::Refuse(refusal())));
    let answer = PhoneAnswer::Number(Some(right));
    let (_, reply) = refusing.confirmation.answer(link.reveal(), answer, None).await.unwrap();
    assert_eq!(reply, ScanReply::NotAdmitted { text: "仅限会员。".to_owned() });
    let login = refusing.waiting.look(&started.auth).await.unwrap();
    assert!(matches!(login.state, LoginState::Expired { reason: ExpiryReason::Denied, .. }), "{login:?}");
    let anna = world.database.identity_of(&app("main"), &openid("oAnna")).await.unwrap().unwrap();
    assert_eq!(anna.account, None, "no account is made");
}

#[tokio::test]
async fn a_gate_that_fails_admits_nobody() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let node = behind(&world, Err(GateError { reason: "it is away".to_owned() }));
    let refused = node.session_issuer.issue(&auth, &login, browser()).await.unwrap_err();
    assert!(matches!(refused, ServiceError::Refused(refusal) if refusal.code.as_str() == "gate_unavailable"));
    let account = world.account_of(&login).await.id;
    assert!(world.database.identities(account).await.unwrap().len() == 1);
}
