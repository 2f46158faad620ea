//! Binding a number from encrypted data of a mini program.

use std::sync::Arc;

use saoma_domain::{
    ports::{MockAccounts, MockMiniProgram, OpenDataError, SessionKeys},
    services::{ServiceError, WechatPhone},
};

use crate::{
    bind_wechat_phone::{sealed_for, with_code, wrong},
    broken::{self, store_error},
    channels::{SESSION_KEY, mini_user},
    world::{OTHER_PHONE, PHONE, START, World, number, secs},
};

#[tokio::test]
async fn encrypted_data_binds_the_number_in_it() {
    let world = World::new();
    let (auth, _) = world.by_mini_program(mini_user("mAnna")).await;
    let data = sealed_for(&world, "mini", SESSION_KEY, START);
    let login = world.node_with_keys(&[2, 1]).wechat_phone_binding.bind(&auth, data).await.unwrap();
    assert_eq!(world.account_of(&login).await.phone, Some(number(PHONE)));
}

#[tokio::test]
async fn data_that_proves_no_number_is_refused() {
    let world = World::new();
    let (auth, login) = world.by_mini_program(mini_user("mAnna")).await;
    let made_up = WechatPhone::Encrypted { data: "AAAA".to_owned(), iv: "AAAA".to_owned() };
    for (data, error) in [
        (made_up, OpenDataError::Malformed),
        (sealed_for(&world, "mini", "AAAAAAAAAAAAAAAAAAAAAA==", START), OpenDataError::OutdatedKey),
        (sealed_for(&world, "other", SESSION_KEY, START), OpenDataError::OtherApp),
        (sealed_for(&world, "mini", SESSION_KEY, START.minus(secs(301))), OpenDataError::TooOld),
    ] {
        assert_eq!(world.services.wechat_phone_binding.bind(&auth, data).await, Err(wrong(error)));
    }
    let mut program = MockMiniProgram::new();
    program.expect_open_phone().times(1).returning(|_, _, _, _, _| Err(OpenDataError::NoPhone));
    let node = world.node(|ports| ports.mini_program = Arc::new(program));
    let data = sealed_for(&world, "mini", SESSION_KEY, START);
    assert_eq!(node.wechat_phone_binding.bind(&auth, data).await, Err(wrong(OpenDataError::NoPhone)));
    let mut program = MockMiniProgram::new();
    program.expect_phone_number().times(1).returning(|_, _, _| Ok(None));
    let node = world.node(|ports| ports.mini_program = Arc::new(program));
    let code = WechatPhone::Code("of-no-mobile-phone".to_owned());
    assert_eq!(node.wechat_phone_binding.bind(&auth, code).await, Err(wrong(OpenDataError::NoPhone)));
    assert_eq!(world.committed(&auth).await, Some(login), "it still waits");
}

#[tokio::test]
async fn a_session_key_that_is_lost_or_cannot_be_opened_is_out_of_date() {
    let world = World::new();
    let (auth, _) = world.by_mini_program(mini_user("mAnna")).await;
    let (other, _) = world.by_mini_program(mini_user("mBela")).await;
    let data = sealed_for(&world, "mini", SESSION_KEY, START);
    let outdated = Err(wrong(OpenDataError::OutdatedKey));
    assert_eq!(world.node_with_keys(&[2]).wechat_phone_binding.bind(&auth, data.clone()).await, outdated);
    let swapped = world.session_keys.find(other.id(), START).await.unwrap().unwrap();
    world.session_keys.put(auth.id(), swapped, START.plus(secs(600))).await.unwrap();
    let answer = world.services.wechat_phone_binding.bind(&auth, data.clone()).await;
    assert_eq!(answer, outdated, "one of another login is none of this one");
    world.session_keys.forget(auth.id()).await.unwrap();
    assert_eq!(world.services.wechat_phone_binding.bind(&auth, data).await, outdated);
}

#[tokio::test]
async fn a_login_has_a_hundred_tries() {
    let world = World::new();
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    for number in 0..100 {
        let guess = match number % 2 {
            0 => WechatPhone::Code(format!("guess-{number}")),
            _ => WechatPhone::Encrypted { data: "AAAA".to_owned(), iv: "AAAA".to_owned() },
        };
        let tried = world.services.wechat_phone_binding.bind(&auth, guess).await;
        assert!(matches!(tried, Err(ServiceError::WechatData(_))), "{tried:?}");
    }
    let asked = world.mini_program.exchanged_for_phones().len();
    for proof in [code, sealed_for(&world, "mini", SESSION_KEY, START)] {
        let refused = world.services.wechat_phone_binding.bind(&auth, proof).await;
        assert!(matches!(refused, Err(ServiceError::RateLimited { .. })), "{refused:?}");
    }
    assert_eq!(world.mini_program.exchanged_for_phones().len(), asked);
    let (other, code) = with_code(&world, "mBela", OTHER_PHONE).await;
    assert!(world.services.wechat_phone_binding.bind(&other, code).await.is_ok(), "others are not concerned");
    assert!(world.bind(&auth, PHONE).await.is_ok(), "and by an SMS code it still goes on");
}

#[tokio::test]
async fn a_number_is_bound_with_every_part_or_not_at_all() {
    let world = World::new();
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    let data = sealed_for(&world, "mini", SESSION_KEY, START);
    let before = world.committed(&auth).await;
    let mut accounts = MockAccounts::new();
    accounts.expect_identity().times(1).returning(|_| Ok(None));
    let inconsistent = world.node(|ports| ports.accounts = Arc::new(accounts));
    assert!(matches!(
        inconsistent.wechat_phone_binding.bind(&auth, data.clone()).await,
        Err(ServiceError::Store(_))
    ));
    for (node, proof) in [
        (world.node(|ports| ports.limits = broken::limits()), &code),
        (world.node(|ports| ports.one_time_codes = broken::one_time_codes()), &code),
        (world.node(|ports| ports.accounts = broken::accounts()), &code),
        (world.node(|ports| ports.logins = broken::logins()), &code),
        (world.node(|ports| ports.session_keys = broken::session_keys()), &data),
    ] {
        assert_eq!(node.wechat_phone_binding.bind(&auth, proof.clone()).await, Err(store_error()));
        assert_eq!(world.committed(&auth).await, before);
    }
    assert_eq!(world.mini_program.exchanged_for_phones(), [""; 0]);
    let forgetful = world.node(|ports| ports.session_keys = broken::session_keys());
    let login = forgetful.wechat_phone_binding.bind(&auth, code).await.unwrap();
    assert_eq!(world.committed(&auth).await, Some(login), "a code needs no key");
}

#[test]
fn what_proves_a_number_cannot_be_printed() {
    let code = WechatPhone::Code("secret".to_owned());
    let data = WechatPhone::Encrypted { data: "secret".to_owned(), iv: "secret".to_owned() };
    assert_eq!(format!("{code:?} {data:?}"), "Code(redacted) Encrypted(redacted)");
}
