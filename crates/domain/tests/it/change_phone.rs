//! Giving an account another phone number.

use std::sync::Arc;

use saoma_domain::{
    account::Account,
    ports::{Accounts, ActiveSession},
    services::{CodeRequest, ServiceError},
};

use crate::{
    broken::{self, store_error},
    world::{CLIENT, OTHER_PHONE, PHONE, World, browser, millis, number, secs},
};

const NEW_PHONE: &str = "13700137000";

/// Returns a session of a person whose number was bound by an earlier login.
async fn logged_in(world: &World) -> Arc<ActiveSession> {
    world.registered("oAnna", PHONE).await;
    let issued = world.another_session("oAnna").await;
    world.services.sessions.check(&issued.token).await.unwrap()
}

fn to(phone: &str) -> CodeRequest<'_> {
    CodeRequest { phone, client: CLIENT }
}

async fn code(world: &World, checked: &ActiveSession, phone: &str) -> String {
    let sent = world.services.accounts.send_new_phone_code(checked, to(phone)).await.unwrap();
    assert_eq!((sent.resend_in, sent.expires_in), (secs(60), secs(180)));
    world.inbox.last_code(&number(phone)).unwrap().reveal().to_owned()
}

async fn stored(world: &World, checked: &ActiveSession) -> Account {
    world.database.account(checked.account.id).await.unwrap().unwrap()
}

fn not(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

#[tokio::test]
async fn the_right_code_gives_the_account_the_number_and_does_so_again() {
    let world = World::new();
    let checked = logged_in(&world).await;
    let code = code(&world, &checked, NEW_PHONE).await;
    for _ in 0..2 {
        let account =
            world.services.accounts.change_phone(&checked, "+86 137 0013 7000", &code).await.unwrap();
        assert_eq!(account, Account { phone: Some(number(NEW_PHONE)), ..checked.account.clone() });
        assert_eq!(stored(&world, &checked).await, account);
    }
    world.pass(secs(60));
    let (_, login) = world.registered("oBela", PHONE).await;
    assert_ne!(world.account_of(&login).await.id, checked.account.id, "the old one is free");
}

#[tokio::test]
async fn a_wrong_code_costs_a_try_and_changes_nothing() {
    let world = World::new();
    let checked = logged_in(&world).await;
    let never_sent = world.services.accounts.change_phone(&checked, NEW_PHONE, "123456").await;
    assert_eq!(never_sent, Err(ServiceError::SmsCodeExpired));
    let code = code(&world, &checked, NEW_PHONE).await;
    for (phone, tried, left) in [(NEW_PHONE, not(&code), 4), (NEW_PHONE, "", 3), (OTHER_PHONE, &code, 2)] {
        let refused = world.services.accounts.change_phone(&checked, phone, tried).await;
        assert_eq!(refused, Err(ServiceError::SmsCodeWrong { attempts_left: left }));
    }
    assert_eq!(stored(&world, &checked).await, checked.account);
    assert_eq!(
        world.services.accounts.change_phone(&checked, "12", &code).await,
        Err(ServiceError::PhoneInvalid)
    );
    world.pass(secs(180));
    let too_late = world.services.accounts.change_phone(&checked, NEW_PHONE, &code).await;
    assert_eq!(too_late, Err(ServiceError::SmsCodeExpired));
}

#[tokio::test]
async fn a_code_for_binding_is_no_code_for_changing() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let for_binding = world.code(&auth, PHONE).await;
    let login = world.services.phone_binding.bind(&auth, PHONE, &for_binding).await.unwrap();
    let issued = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let checked = world.services.sessions.check(&issued.token).await.unwrap();
    let refused = world.services.accounts.change_phone(&checked, PHONE, &for_binding).await;
    assert_eq!(refused, Err(ServiceError::SmsCodeWrong { attempts_left: 3 }));
}

#[tokio::test]
async fn a_number_of_another_account_is_taken_and_only_its_owner_learns_that() {
    let world = World::new();
    let (_, bela) = world.registered("oBela", OTHER_PHONE).await;
    world.pass(secs(60));
    let checked = logged_in(&world).await;
    let code = code(&world, &checked, OTHER_PHONE).await;
    let guessed = world.services.accounts.change_phone(&checked, OTHER_PHONE, not(&code)).await;
    assert_eq!(guessed, Err(ServiceError::SmsCodeWrong { attempts_left: 4 }));
    let refused = world.services.accounts.change_phone(&checked, OTHER_PHONE, &code).await;
    assert_eq!(refused, Err(ServiceError::PhoneTaken));
    assert_eq!(stored(&world, &checked).await, checked.account);
    assert_eq!(world.account_of(&bela).await.phone, Some(number(OTHER_PHONE)));
}

#[tokio::test]
async fn codes_count_against_the_limits_of_all_codes() {
    let world = World::new();
    let checked = logged_in(&world).await;
    code(&world, &checked, NEW_PHONE).await;
    let refused = world.services.accounts.send_new_phone_code(&checked, to(NEW_PHONE)).await;
    assert_eq!(refused, Err(ServiceError::RateLimited { retry_after: secs(60) }));
    let refused = world.services.accounts.send_new_phone_code(&checked, to("12")).await;
    assert_eq!(refused, Err(ServiceError::PhoneInvalid));
}

#[tokio::test]
async fn a_login_of_ten_minutes_ago_is_too_old() {
    let world = World::new();
    let checked = logged_in(&world).await;
    world.pass(secs(600) - millis(1));
    let code = code(&world, &checked, NEW_PHONE).await;
    world.pass(millis(1));
    let refused = world.services.accounts.send_new_phone_code(&checked, to(OTHER_PHONE)).await;
    assert_eq!(refused, Err(ServiceError::RecentLoginRequired));
    let refused = world.services.accounts.change_phone(&checked, NEW_PHONE, &code).await;
    assert_eq!(refused, Err(ServiceError::RecentLoginRequired));
    assert_eq!(stored(&world, &checked).await, checked.account);
}

#[tokio::test]
async fn a_change_is_committed_with_every_part_or_not_at_all() {
    let world = World::new();
    let checked = logged_in(&world).await;
    let code = code(&world, &checked, NEW_PHONE).await;
    for node in [
        world.node(|ports| ports.limits = broken::limits()),
        world.node(|ports| ports.sms_codes = broken::sms_codes()),
        world.node(|ports| ports.accounts = broken::accounts()),
    ] {
        assert_eq!(node.accounts.change_phone(&checked, NEW_PHONE, &code).await, Err(store_error()));
        assert_eq!(stored(&world, &checked).await, checked.account);
    }
}
