//! Binding phone numbers.

use std::sync::Arc;

use saoma_domain::{
    login::{AuthenticatedLogin, LoginState},
    ports::{Accounts, MockLimits, MockSmsCodes},
    services::{ScannedEvent, ServiceError},
};
use tokio::task::JoinSet;

use crate::sms_code_tries::not;
use crate::world::{OTHER_PHONE, PHONE, START, World, app, number, request, secs};

async fn unregistered_in_shop(world: &World, person: &str) -> AuthenticatedLogin {
    let started = world.services.start.with_qr(request("shop")).await.unwrap();
    let event = ScannedEvent { app: app("shop"), ..world.event(&started, person) };
    world.services.scans.take_scan(event).await.unwrap();
    started.auth
}

#[tokio::test]
async fn a_new_number_makes_an_account() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    world.pass(secs(30));
    let login =
        world.services.phone_binding.bind(&auth, "+86 138 0013 8000", &format!(" {code} ")).await.unwrap();
    assert_eq!(login.version, 3);
    let at = START.plus(secs(30));
    assert!(matches!(login.state, LoginState::Registered { since, collect_by, .. }
        if since == at && collect_by == at.plus(secs(600))));
    let account = world.account_of(&login).await;
    assert_eq!((account.phone, account.created_at, account.disabled), (Some(number(PHONE)), at, false));
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&login));
    assert_eq!(world.committed(&auth).await, Some(login));
}

#[tokio::test]
async fn a_number_with_an_account_gets_the_identity_of_another_app_added() {
    let world = World::new();
    let (_, first) = world.registered("oAnna", PHONE).await;
    world.pass(secs(60));
    let auth = unregistered_in_shop(&world, "oShopAnna").await;
    let second = world.bind(&auth, PHONE).await.unwrap();
    let account = world.account_of(&first).await;
    assert_eq!(world.account_of(&second).await, account);
    assert_eq!(world.database.identities(account.id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_number_whose_account_has_another_user_of_the_app_is_taken() {
    let world = World::new();
    let (_, first) = world.registered("oAnna", PHONE).await;
    world.pass(secs(60));
    let auth = world.unregistered("oBela").await;
    assert_eq!(world.bind(&auth, PHONE).await, Err(ServiceError::PhoneTaken));
    assert_eq!(world.services.waiting.look(&auth).await.unwrap().state.name(), "unregistered");
    let second = world.bind(&auth, OTHER_PHONE).await.unwrap();
    assert_ne!(world.account_of(&second).await, world.account_of(&first).await);
}

#[tokio::test]
async fn an_identity_that_was_bound_meanwhile_keeps_its_account() {
    let world = World::new();
    let (first, second) = (world.unregistered("oAnna").await, world.unregistered("oAnna").await);
    let bound = world.bind(&first, PHONE).await.unwrap();
    let also = world.bind(&second, OTHER_PHONE).await.unwrap();
    assert_eq!(world.account_of(&also).await, world.account_of(&bound).await);
}

#[tokio::test]
async fn only_a_login_that_waits_for_a_number_is_bound() {
    let world = World::new();
    let waiting = world.start().await.auth;
    let refused = world.services.phone_binding.bind(&waiting, PHONE, "123456").await;
    assert_eq!(refused, Err(ServiceError::LoginState("loop")));
    let auth = world.unregistered("oAnna").await;
    world.pass(secs(430));
    let code = world.code(&auth, PHONE).await;
    world.pass(secs(170));
    assert_eq!(
        world.services.phone_binding.bind(&auth, PHONE, &code).await,
        Err(ServiceError::LoginState("expired"))
    );
    assert_eq!(world.services.phone_binding.bind(&auth, "12", &code).await, Err(ServiceError::PhoneInvalid));
    let (auth, _) = world.registered("oBela", OTHER_PHONE).await;
    let refused = world.services.phone_binding.bind(&auth, PHONE, "123456").await;
    assert_eq!(refused, Err(ServiceError::LoginState("registered")));
}

#[tokio::test]
async fn the_right_code_again_gives_the_same_answer_without_a_try() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    let login = world.services.phone_binding.bind(&auth, PHONE, &code).await.unwrap();
    let node = world.node(|ports| {
        ports.limits = Arc::new(MockLimits::new());
        ports.sms_codes = Arc::new(MockSmsCodes::new());
    });
    world.pass(secs(300));
    assert_eq!(node.phone_binding.bind(&auth, PHONE, &code).await.as_ref(), Ok(&login));
    for (phone, code) in [(PHONE, not(&code)), (OTHER_PHONE, code.as_str()), (PHONE, "")] {
        let refused = node.phone_binding.bind(&auth, phone, code).await;
        assert_eq!(refused, Err(ServiceError::LoginState("registered")));
    }
    assert_eq!(world.committed(&auth).await, Some(login));
}

#[tokio::test]
async fn the_right_code_again_is_recognised_after_the_keys_were_rotated() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    let login = world.services.phone_binding.bind(&auth, PHONE, &code).await.unwrap();
    assert_eq!(world.node_with_keys(&[2, 1]).phone_binding.bind(&auth, PHONE, &code).await, Ok(login));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_right_answers_make_one_account() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    let mut tasks = JoinSet::new();
    // Four, so that none runs out of tries.
    for _ in 0..4 {
        let (node, auth, code) = (world.node(|_| {}), auth.clone(), code.clone());
        tasks.spawn(async move { node.phone_binding.bind(&auth, PHONE, &code).await });
    }
    let answers = tasks.join_all().await;
    let login = world.committed(&auth).await.unwrap();
    for answer in answers {
        assert_eq!(answer.as_ref(), Ok(&login));
    }
    let account = world.account_of(&login).await;
    assert_eq!(world.database.identities(account.id).await.unwrap().len(), 1);
}
