//! Binding the phone numbers that WeChat vouches for.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    account::PhoneNumber,
    login::AuthenticatedLogin,
    ports::{
        Clock, MiniProgram, MockAccounts, MockMiniProgram, MockOneTimeCodes, MockSessionKeys, OpenDataError,
        SessionKeys, WechatError,
    },
    services::{ServiceError, WechatPhone},
    time::Timestamp,
    wechat::{AppName, MiniProgramUser, OpenId, SessionKey},
};
use saoma_testing::FakeMiniProgram;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    broken::{self, store_error},
    doors::{SESSION_KEY, mini_user, user},
    wait::paused_world,
    world::{OTHER_PHONE, PHONE, START, World, app, number, openid, secs},
};

/// Returns a mini program's login that waits for a number, and a code for one.
async fn with_code<C: Clock + 'static>(
    world: &World<C>,
    person: &str,
    phone: &str,
) -> (AuthenticatedLogin, WechatPhone) {
    let (auth, _) = world.by_mini_program(mini_user(person)).await;
    let code = format!("phone-of-{person}");
    world.mini_program.give_phone_code(&app("mini"), openid(person), &code, number(phone));
    (auth, WechatPhone::Code(code))
}

fn sealed_for(world: &World, name: &str, key: &str, at: Timestamp) -> WechatPhone {
    let key = SessionKey::new(key.to_owned());
    let (data, iv) = world.mini_program.seal_phone(&app(name), &key, number(PHONE), at);
    WechatPhone::Encrypted { data, iv }
}

fn wrong(error: OpenDataError) -> ServiceError {
    ServiceError::WechatData(error)
}

#[tokio::test]
async fn a_code_binds_the_number_that_wechat_names() {
    let world = World::new();
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    let login = world.services.wechat_phone_binding.bind(&auth, code).await.unwrap();
    assert_eq!(login.version, 3);
    assert_eq!(world.account_of(&login).await.phone, number(PHONE));
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&login));
    assert_eq!(world.session_keys.find(auth.id(), START).await, Ok(None), "it is not needed any more");
}

#[tokio::test]
async fn encrypted_data_binds_the_number_in_it() {
    let world = World::new();
    let (auth, _) = world.by_mini_program(mini_user("mAnna")).await;
    let data = sealed_for(&world, "mini", SESSION_KEY, START);
    let login = world.node_with_keys(&[2, 1]).wechat_phone_binding.bind(&auth, data).await.unwrap();
    assert_eq!(world.account_of(&login).await.phone, number(PHONE));
    assert_eq!(world.session_keys.find(auth.id(), START).await, Ok(None));
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
async fn a_code_that_is_unknown_used_or_another_persons_proves_nothing() {
    let world = World::new();
    let (anna, of_anna) = with_code(&world, "mAnna", PHONE).await;
    let (bela, of_bela) = with_code(&world, "mBela", OTHER_PHONE).await;
    let malformed = Err(wrong(OpenDataError::Malformed));
    let unknown = WechatPhone::Code("unknown".to_owned());
    assert_eq!(world.services.wechat_phone_binding.bind(&anna, unknown).await, malformed);
    assert_eq!(world.services.wechat_phone_binding.bind(&anna, of_bela.clone()).await, malformed);
    assert_eq!(
        world.services.wechat_phone_binding.bind(&bela, of_bela).await,
        malformed,
        "another login has redeemed it"
    );
    assert!(world.services.wechat_phone_binding.bind(&anna, of_anna.clone()).await.is_ok());
    assert_eq!(world.services.wechat_phone_binding.bind(&bela, of_anna).await, malformed);
    assert_eq!(world.mini_program.exchanged_for_phones().len(), 3);
}

#[tokio::test]
async fn the_same_proof_again_gives_the_same_answer_without_any_call() {
    let world = World::new();
    let (by_code, code) = with_code(&world, "mAnna", PHONE).await;
    let (by_data, _) = world.by_mini_program(mini_user("mBela")).await;
    let key = SessionKey::new(SESSION_KEY.to_owned());
    let (data, iv) = world.mini_program.seal_phone(&app("mini"), &key, number(OTHER_PHONE), START);
    let data = WechatPhone::Encrypted { data, iv };
    let quiet = world.node(|ports| {
        ports.mini_program = Arc::new(MockMiniProgram::new());
        ports.session_keys = Arc::new(MockSessionKeys::new());
        ports.one_time_codes = Arc::new(MockOneTimeCodes::new());
    });
    for (auth, proof) in [(by_code, code), (by_data, data)] {
        let login = world.services.wechat_phone_binding.bind(&auth, proof.clone()).await.unwrap();
        world.pass(secs(300));
        assert_eq!(quiet.wechat_phone_binding.bind(&auth, proof).await, Ok(login));
        let other = WechatPhone::Code("other".to_owned());
        assert_eq!(
            quiet.wechat_phone_binding.bind(&auth, other).await,
            Err(ServiceError::LoginState("registered"))
        );
    }
}

#[tokio::test]
async fn a_number_whose_account_has_another_user_of_the_program_is_taken() {
    let world = World::new();
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    world.services.wechat_phone_binding.bind(&auth, code).await.unwrap();
    let (auth, code) = with_code(&world, "mBela", PHONE).await;
    assert_eq!(world.services.wechat_phone_binding.bind(&auth, code).await, Err(ServiceError::PhoneTaken));
    world.mini_program.give_phone_code(&app("mini"), openid("mBela"), "c2", number(OTHER_PHONE));
    let second = world.services.wechat_phone_binding.bind(&auth, WechatPhone::Code("c2".to_owned())).await;
    assert_eq!(second.unwrap().state.name(), "registered", "another number of hers is fine");
}

#[tokio::test]
async fn a_number_with_an_account_gets_the_mini_programs_identity_added() {
    let world = World::new();
    let (_, first) = world.registered("oAnna", PHONE).await;
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    let login = world.services.wechat_phone_binding.bind(&auth, code).await.unwrap();
    assert_eq!(world.account_of(&login).await, world.account_of(&first).await);
    assert_eq!(world.identities_of(&login).await.len(), 2);
}

#[tokio::test]
async fn only_a_mini_programs_login_that_waits_for_a_number_is_bound() {
    let world = World::new();
    let code = || WechatPhone::Code("c1".to_owned());
    let (by_site, _) = world.by_site(user("wAnna")).await;
    let (expired, _) = world.by_mini_program(mini_user("mAnna")).await;
    let waiting = world.start().await.auth;
    let refused = async |auth| world.services.wechat_phone_binding.bind(auth, code()).await;
    assert_eq!(refused(&by_site).await, Err(ServiceError::LoginState("unregistered")), "another way in");
    assert_eq!(refused(&waiting).await, Err(ServiceError::LoginState("loop")));
    world.pass(secs(600));
    assert_eq!(refused(&expired).await, Err(ServiceError::LoginState("expired")));
    assert_eq!(world.mini_program.exchanged_for_phones(), [""; 0]);
}

/// A mini program whose phone numbers take two seconds.
struct Slow(Arc<FakeMiniProgram>);

#[async_trait]
impl MiniProgram for Slow {
    async fn exchange(&self, app: &AppName, code: &str) -> Result<MiniProgramUser, WechatError> {
        self.0.exchange(app, code).await
    }

    async fn phone_number(
        &self,
        app: &AppName,
        openid: &OpenId,
        code: &str,
    ) -> Result<PhoneNumber, WechatError> {
        sleep(secs(2)).await;
        self.0.phone_number(app, openid, code).await
    }

    fn open_phone(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<PhoneNumber, OpenDataError> {
        self.0.open_phone(app, key, encrypted_data, iv, now)
    }
}

#[tokio::test(start_paused = true)]
async fn of_fifty_requests_at_once_one_asks_wechat_and_all_are_told() {
    let world = paused_world();
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    let slow = Arc::new(Slow(world.mini_program.clone()));
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let (node, auth, code) =
            (world.node(|ports| ports.mini_program = slow.clone()), auth.clone(), code.clone());
        tasks.spawn(async move { node.wechat_phone_binding.bind(&auth, code).await });
    }
    let answers = tasks.join_all().await;
    let login = world.committed(&auth).await.unwrap();
    assert_eq!(answers, vec![Ok(login); 50]);
    assert_eq!(world.mini_program.exchanged_for_phones().len(), 1);
    assert_eq!(world.now(), START.plus(secs(2)));
}

#[tokio::test(start_paused = true)]
async fn a_code_that_wechat_did_not_answer_is_never_sent_again() {
    let world = paused_world();
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    let down = WechatError::Unavailable { reason: "timed out".to_owned(), retry_after: secs(1) };
    world.mini_program.fail_next(down.clone());
    assert_eq!(
        world.services.wechat_phone_binding.bind(&auth, code.clone()).await,
        Err(ServiceError::Wechat(down))
    );
    let again = world.services.wechat_phone_binding.bind(&auth, code).await;
    assert_eq!(again, Err(wrong(OpenDataError::Malformed)));
    assert_eq!(world.now(), START.plus(secs(4)), "it waited for an outcome in vain");
    assert_eq!(world.mini_program.exchanged_for_phones().len(), 1);
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
    assert_eq!(world.committed(&auth).await, Some(login), "a key that stays is over in time");
}

#[test]
fn what_proves_a_number_cannot_be_printed() {
    let code = WechatPhone::Code("secret".to_owned());
    let data = WechatPhone::Encrypted { data: "secret".to_owned(), iv: "secret".to_owned() };
    assert_eq!(format!("{code:?} {data:?}"), "Code(redacted) Encrypted(redacted)");
}
