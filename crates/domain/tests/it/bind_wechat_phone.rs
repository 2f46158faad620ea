//! Binding the phone numbers that WeChat vouches for.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    account::PhoneNumber,
    login::AuthenticatedLogin,
    ports::{
        Clock, MiniProgram, MockMiniProgram, MockOneTimeCodes, MockSessionKeys, OpenDataError, WechatError,
    },
    services::{ServiceError, WechatPhone},
    time::Timestamp,
    wechat::{AppName, MiniProgramUser, OpenId, SessionKey},
};
use saoma_testing::FakeMiniProgram;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    channels::{SESSION_KEY, mini_user, user},
    wait::paused_world,
    world::{OTHER_PHONE, PHONE, START, World, app, number, openid, secs},
};

/// Returns a mini program's login that waits for a number, and a code for one.
pub(crate) async fn with_code<C: Clock + 'static>(
    world: &World<C>,
    person: &str,
    phone: &str,
) -> (AuthenticatedLogin, WechatPhone) {
    let (auth, _) = world.by_mini_program(mini_user(person)).await;
    let code = format!("phone-of-{person}");
    world.mini_program.give_phone_code(&app("mini"), openid(person), &code, number(phone));
    (auth, WechatPhone::Code(code))
}

pub(crate) fn sealed_for(world: &World, name: &str, key: &str, at: Timestamp) -> WechatPhone {
    let key = SessionKey::new(key.to_owned());
    let (data, iv) = world.mini_program.seal_phone(&app(name), &key, number(PHONE), at);
    WechatPhone::Encrypted { data, iv }
}

pub(crate) fn wrong(error: OpenDataError) -> ServiceError {
    ServiceError::WechatData(error)
}

#[tokio::test]
async fn a_code_binds_the_number_that_wechat_names() {
    let world = World::new();
    let (auth, code) = with_code(&world, "mAnna", PHONE).await;
    let login = world.services.wechat_phone_binding.bind(&auth, code).await.unwrap();
    assert_eq!(login.version, 3);
    assert_eq!(world.account_of(&login).await.phone, Some(number(PHONE)));
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&login));
}

#[tokio::test]
async fn a_code_that_is_unknown_used_or_another_persons_proves_nothing() {
    let world = World::new();
    let (anna, of_anna) = with_code(&world, "mAnna", PHONE).await;
    let (bela, of_bela) = with_code(&world, "mBela", OTHER_PHONE).await;
    let invalid = Err(wrong(OpenDataError::CodeInvalid));
    let unknown = WechatPhone::Code("unknown".to_owned());
    assert_eq!(world.services.wechat_phone_binding.bind(&anna, unknown).await, invalid);
    assert_eq!(world.services.wechat_phone_binding.bind(&anna, of_bela.clone()).await, invalid);
    assert_eq!(
        world.services.wechat_phone_binding.bind(&bela, of_bela).await,
        invalid,
        "another login has redeemed it"
    );
    assert!(world.services.wechat_phone_binding.bind(&anna, of_anna.clone()).await.is_ok());
    assert_eq!(world.services.wechat_phone_binding.bind(&bela, of_anna).await, invalid);
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
    ) -> Result<Option<PhoneNumber>, WechatError> {
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

    fn open_data(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<String, OpenDataError> {
        self.0.open_data(app, key, encrypted_data, iv, now)
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
    assert_eq!(again, Err(wrong(OpenDataError::CodeInvalid)));
    assert_eq!(world.now(), START.plus(secs(4)), "it waited for an outcome in vain");
    assert_eq!(world.mini_program.exchanged_for_phones().len(), 1);
}
