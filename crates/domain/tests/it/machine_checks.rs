//! Checks against machines.

use std::sync::Arc;

use saoma_domain::{
    ports::{CaptchaError, MockCaptcha},
    proof_of_work::{WorkChallenge, WorkSolution},
    services::{CheckAnswer, CodeRequest, MachineCheck, Policy, ServiceError, Services},
};

use crate::world::{CLIENT, PHONE, World, client, secs};

fn work(policy: &mut Policy) {
    policy.machine_check = MachineCheck::Work { max_number: 50 };
}

/// Does what the page's script does.
fn solved(challenge: &WorkChallenge) -> CheckAnswer {
    let is_it = |number: &u64| {
        let text = format!("{}{number}", challenge.salt);
        let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        saoma_domain::text::hex(hash.as_ref()) == challenge.challenge
    };
    CheckAnswer::Work(WorkSolution {
        algorithm: challenge.algorithm.to_owned(),
        challenge: challenge.challenge.clone(),
        number: (0..=u64::from(challenge.max_number)).find(is_it).unwrap(),
        salt: challenge.salt.clone(),
        signature: challenge.signature.clone(),
    })
}

fn answer(node: &Services) -> CheckAnswer {
    solved(&node.machine_checks.challenge(CLIENT).unwrap())
}

#[tokio::test]
async fn a_solution_is_good_once_on_whatever_node() {
    let world = World::new();
    let (node, other) = (world.node_with_policy(work), world.node_with_policy(work));
    assert_eq!(node.machine_checks.require(CLIENT, None).await, Err(ServiceError::CheckFailed));
    let answer = answer(&node);
    let elsewhere = client("198.51.100.9");
    assert_eq!(node.machine_checks.require(elsewhere, Some(&answer)).await, Err(ServiceError::CheckFailed));
    assert_eq!(other.machine_checks.require(CLIENT, Some(&answer)).await, Ok(()));
    for node in [&node, &other] {
        assert_eq!(node.machine_checks.require(CLIENT, Some(&answer)).await, Err(ServiceError::CheckFailed));
    }
    let late = self::answer(&node);
    world.pass(secs(600));
    assert_eq!(node.machine_checks.require(CLIENT, Some(&late)).await, Err(ServiceError::CheckFailed));
    let captcha = CheckAnswer::Captcha("x".to_owned());
    assert_eq!(node.machine_checks.require(CLIENT, Some(&captcha)).await, Err(ServiceError::CheckFailed));
}

#[tokio::test]
async fn without_a_check_nothing_is_asked() {
    let world = World::new();
    assert_eq!(world.services.machine_checks.challenge(CLIENT), None);
    assert_eq!(world.services.machine_checks.require(CLIENT, None).await, Ok(()));
}

#[tokio::test]
async fn a_number_is_asked_for_it_once_half_of_its_codes_are_used() {
    let world = World::new();
    let node = world.node_with_policy(work);
    // Five an hour: two are free.
    for _ in 0..2 {
        assert_eq!(node.machine_checks.require_for_code(CLIENT, PHONE, None).await, Ok(()));
        world.pass(secs(60));
    }
    let asked = node.machine_checks.require_for_code(CLIENT, PHONE, None).await;
    assert_eq!(asked, Err(ServiceError::CheckFailed));
    let answer = answer(&node);
    assert_eq!(node.machine_checks.require_for_code(CLIENT, PHONE, Some(&answer)).await, Ok(()));
    world.pass(secs(3600));
    assert_eq!(node.machine_checks.require_for_code(CLIENT, PHONE, None).await, Ok(()), "an hour later");
}

#[tokio::test]
async fn an_address_is_asked_for_it_whatever_its_numbers() {
    let world = World::new();
    let node = world.node_with_policy(work);
    // Twenty an hour: ten are free.
    for number in 0..10 {
        let phone = format!("1380013800{number}");
        assert_eq!(node.machine_checks.require_for_code(CLIENT, &phone, None).await, Ok(()), "{phone}");
    }
    let asked = node.machine_checks.require_for_code(CLIENT, "13900139000", None).await;
    assert_eq!(asked, Err(ServiceError::CheckFailed));
    let elsewhere = client("198.51.100.9");
    assert_eq!(node.machine_checks.require_for_code(elsewhere, "13900139000", None).await, Ok(()));
    let auth = world.unregistered("oAnna").await;
    let request = CodeRequest { phone: PHONE, client: CLIENT };
    assert!(node.phone_binding.send_code(&auth, request).await.is_ok(), "it is no limit by itself");
}

#[tokio::test]
async fn a_captcha_that_does_not_say_is_not_passed() {
    for (says, expected) in [
        (Ok(true), Ok(())),
        (Ok(false), Err(ServiceError::CheckFailed)),
        (Err(CaptchaError("away".to_owned())), Err(ServiceError::CheckFailed)),
    ] {
        let world = World::new();
        let mut captcha = MockCaptcha::new();
        captcha.expect_is_passed().return_once(move |_| says);
        let mut policy = crate::settings::policy();
        policy.machine_check = MachineCheck::Captcha;
        let mut ports = world.ports();
        ports.captcha = Some(Arc::new(captcha));
        let node = Services::new(ports, crate::settings::keys(&[1]), policy);
        assert_eq!(node.machine_checks.challenge(CLIENT), None);
        let answer = CheckAnswer::Captcha("from the script".to_owned());
        assert_eq!(node.machine_checks.require(CLIENT, Some(&answer)).await, expected);
    }
}
