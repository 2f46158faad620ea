//! Binding phone numbers.

use std::sync::Arc;

use saoma_domain::{
    login::{AuthenticatedLogin, Login, LoginState},
    ports::{Accounts, MockLimits, MockSmsCodes},
    services::{ScannedEvent, ServiceError},
};
use saoma_memory::MemorySmsCodes;
use tokio::task::JoinSet;

use crate::world::{OTHER_PHONE, PHONE, START, World, app, number, request, secs};

/// Returns a code that is not this one.
fn not(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

fn wrong(attempts_left: u32) -> Result<Login, ServiceError> {
    Err(ServiceError::SmsCodeWrong { attempts_left })
}

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
    assert_eq!((&account.phone, account.created_at, account.disabled), (&number(PHONE), at, false));
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
    assert_eq!(world.ledger.identities(account.id).await.unwrap().len(), 2);
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
async fn a_code_has_five_tries() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    for (tried, left) in [(not(&code), 4), ("", 3), ("12345a", 2), ("1234567", 1), ("１２３４５６", 0)]
    {
        assert_eq!(world.services.phone_binding.bind(&auth, PHONE, tried).await, wrong(left), "{tried}");
    }
    assert_eq!(
        world.services.phone_binding.bind(&auth, PHONE, &code).await,
        Err(ServiceError::SmsCodeExpired)
    );
    assert_eq!(world.services.waiting.look(&auth).await.unwrap().state.name(), "unregistered");
}

#[tokio::test]
async fn a_code_that_was_not_sent_or_is_too_old_or_lost_has_expired() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    assert_eq!(
        world.services.phone_binding.bind(&auth, PHONE, "123456").await,
        Err(ServiceError::SmsCodeExpired)
    );
    let code = world.code(&auth, PHONE).await;
    let emptied = Arc::new(MemorySmsCodes::new(world.clock.clone(), 1));
    let elsewhere = world.node(|ports| ports.sms_codes = emptied);
    assert_eq!(elsewhere.phone_binding.bind(&auth, PHONE, &code).await, Err(ServiceError::SmsCodeExpired));
    world.pass(secs(180));
    assert_eq!(
        world.services.phone_binding.bind(&auth, PHONE, &code).await,
        Err(ServiceError::SmsCodeExpired)
    );
}

#[tokio::test]
async fn only_the_last_code_counts() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let old = world.code(&auth, PHONE).await;
    world.pass(secs(60));
    let new = world.code(&auth, PHONE).await;
    assert_eq!(world.services.phone_binding.bind(&auth, PHONE, &old).await, wrong(4));
    assert!(world.services.phone_binding.bind(&auth, PHONE, &new).await.is_ok());
}

#[tokio::test]
async fn a_code_is_good_for_its_login_and_its_number_only() {
    let world = World::new();
    let (anna, bela) = (world.unregistered("oAnna").await, world.unregistered("oBela").await);
    let of_anna = world.code(&anna, PHONE).await;
    world.pass(secs(60));
    let of_bela = world.code(&bela, PHONE).await;
    assert_ne!(of_anna, of_bela);
    assert_eq!(world.services.phone_binding.bind(&bela, PHONE, &of_anna).await, wrong(4), "another login's");
    assert_eq!(world.services.phone_binding.bind(&anna, PHONE, &of_bela).await, wrong(4), "another login's");
    assert_eq!(
        world.services.phone_binding.bind(&anna, OTHER_PHONE, &of_anna).await,
        wrong(3),
        "another number's"
    );
    assert!(world.services.phone_binding.bind(&anna, PHONE, &of_anna).await.is_ok());
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
async fn a_number_is_guessed_at_fifteen_times_a_day_over_all_logins() {
    let world = World::new();
    for person in ["oAnna", "oBela", "oCora"] {
        let auth = world.unregistered(person).await;
        let code = world.code(&auth, PHONE).await;
        for left in (0..5).rev() {
            assert_eq!(world.services.phone_binding.bind(&auth, PHONE, not(&code)).await, wrong(left));
        }
        world.pass(secs(60));
    }
    let auth = world.unregistered("oDora").await;
    let code = world.code(&auth, PHONE).await;
    let retry_after = secs(24 * 3600 - 180);
    let refused = world.services.phone_binding.bind(&auth, PHONE, &code).await;
    assert_eq!(refused, Err(ServiceError::RateLimited { retry_after }), "even the right code");
    assert!(world.bind(&auth, OTHER_PHONE).await.is_ok(), "other numbers are not concerned");
}

#[tokio::test]
async fn nobody_uses_up_the_tries_of_a_number_that_they_got_no_code_for() {
    let world = World::new();
    let (stranger, owner) = (world.unregistered("oBela").await, world.unregistered("oAnna").await);
    let guess = async || world.services.phone_binding.bind(&stranger, PHONE, "123456").await;
    for _ in 0..20 {
        assert_eq!(guess().await, Err(ServiceError::SmsCodeExpired));
    }
    for _ in 0..4 {
        world.code(&stranger, OTHER_PHONE).await;
        for left in (0..5).rev() {
            assert_eq!(guess().await, wrong(left), "the code's tries, not the number's");
        }
        world.pass(secs(60));
    }
    assert!(world.bind(&owner, PHONE).await.is_ok());
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

#[tokio::test]
async fn a_code_is_right_whichever_key_of_the_ring_signs() {
    let world = World::new();
    let rings = [[1, 2], [2, 1]];
    let pairs = rings.iter().flat_map(|issuer| rings.iter().map(move |sender| (issuer, sender)));
    for ((issuer, sender), checker) in pairs.flat_map(|pair| rings.iter().map(move |ring| (pair, ring))) {
        let mut world = World::new();
        world.services = world.node_with_keys(issuer);
        let auth = world.unregistered("oAnna").await;
        world.services = world.node_with_keys(sender);
        let code = world.code(&auth, PHONE).await;
        let login = world.node_with_keys(checker).phone_binding.bind(&auth, PHONE, &code).await.unwrap();
        assert_eq!(world.services.phone_binding.bind(&auth, PHONE, &code).await, Ok(login));
    }
    let auth = world.unregistered("oAnna").await;
    let code = world.code(&auth, PHONE).await;
    let rotated = world.node_with_keys(&[2, 1]);
    assert_eq!(
        rotated.phone_binding.bind(&auth, PHONE, not(&code)).await,
        wrong(4),
        "a wrong one costs one try"
    );
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
    assert_eq!(world.ledger.identities(account.id).await.unwrap().len(), 1);
}
