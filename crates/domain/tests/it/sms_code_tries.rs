//! Trying SMS codes: how often, which one counts, and what a repetition gets.

use std::sync::Arc;

use saoma_domain::{
    login::{AuthenticatedLogin, Login},
    services::{LimitPolicy, ServiceError},
};
use saoma_memory::MemorySmsCodes;

use crate::world::{OTHER_PHONE, PHONE, World, secs, unlimited};

/// Returns a code that is not this one.
pub(crate) fn not(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

fn wrong(attempts_left: u32) -> Result<Login, ServiceError> {
    Err(ServiceError::SmsCodeWrong { attempts_left })
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
async fn a_person_guesses_at_a_number_fifteen_times_a_day_and_does_not_lock_out_its_owner() {
    let world = World::new();
    guess_fifteen_times(&world, "oBela").await;
    let auth = world.unregistered("oBela").await;
    let code = world.code(&auth, PHONE).await;
    let retry_after = secs(24 * 3600 - 180);
    let refused = world.services.phone_binding.bind(&auth, PHONE, &code).await;
    assert_eq!(refused, Err(ServiceError::RateLimited { retry_after }), "even the right code");
    assert!(world.bind(&auth, OTHER_PHONE).await.is_ok(), "other numbers are not concerned");
    world.pass(secs(60));
    let owner = world.unregistered("oAnna").await;
    assert!(world.bind(&owner, PHONE).await.is_ok());
}

#[tokio::test]
async fn a_number_is_guessed_at_a_hundred_and_fifty_times_a_day_over_all_persons() {
    let mut world = World::new();
    let limits = LimitPolicy { sms_tries_per_phone_day: 15, ..unlimited() };
    world.services = world.node_with_policy(|policy| policy.limits = limits);
    for person in 0..10 {
        guess_fifteen_times(&world, &format!("oPerson{person}")).await;
    }
    let auth = world.unregistered("oAnna").await;
    let refused = world.bind(&auth, PHONE).await;
    assert!(matches!(refused, Err(ServiceError::RateLimited { .. })), "{refused:?}");
}

/// Has a person guess at three codes of a number, five times at each.
async fn guess_fifteen_times(world: &World, person: &str) {
    for _ in 0..3 {
        let auth = world.unregistered(person).await;
        let code = world.code(&auth, PHONE).await;
        for left in (0..5).rev() {
            assert_eq!(world.services.phone_binding.bind(&auth, PHONE, not(&code)).await, wrong(left));
        }
        world.pass(secs(60));
    }
}

#[tokio::test]
async fn nobody_uses_up_the_tries_of_a_number_that_they_got_no_code_for() {
    let world = World::new();
    let (stranger, owner) = (world.unregistered("oBela").await, world.unregistered("oAnna").await);
    for _ in 0..20 {
        assert_eq!(guess(&world, &stranger).await, Err(ServiceError::SmsCodeExpired));
    }
    for _ in 0..4 {
        let stranger = world.unregistered("oBela").await;
        world.code(&stranger, OTHER_PHONE).await;
        for left in (0..5).rev() {
            assert_eq!(guess(&world, &stranger).await, wrong(left), "the code's tries, not the number's");
        }
        world.pass(secs(60));
    }
    assert!(world.bind(&owner, PHONE).await.is_ok());
}

async fn guess(world: &World, auth: &AuthenticatedLogin) -> Result<Login, ServiceError> {
    world.services.phone_binding.bind(auth, PHONE, "123456").await
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
