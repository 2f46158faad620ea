//! Logging users of mini programs in.

use std::sync::Arc;

use saoma_domain::{
    login::LoginState,
    ports::{Accounts, MockMiniProgram, SessionKeys, StoreError, WechatError},
    services::ServiceError,
    wechat::MiniProgramUser,
};
use tokio::task::JoinSet;

use crate::{
    broken::{self, store_error},
    channels::{SESSION_KEY, mini_request, mini_user, unionid, waiting_identity},
    world::{PHONE, START, World, app, browser, client, secs},
};

#[tokio::test]
async fn a_new_person_binds_a_phone_number() {
    let world = World::new();
    let (auth, login) = world.by_mini_program(mini_user("mAnna")).await;
    assert_eq!(login.version, 2);
    assert!(
        matches!(login.state, LoginState::Unregistered { deadline, .. } if deadline == START.plus(secs(600)))
    );
    assert_eq!(world.services.waiting.look(&auth).await.as_ref(), Ok(&login));
    let identity = world.database.identity(waiting_identity(&login)).await.unwrap().unwrap();
    assert_eq!((identity.app, identity.openid.as_str()), (app("mini"), "mAnna"));
    let bound = world.bind(&auth, PHONE).await.unwrap();
    assert_eq!(world.identities_of(&bound).await, [identity.id]);
}

#[tokio::test]
async fn a_known_person_is_logged_in_at_once() {
    let world = World::new();
    let (auth, _) = world.by_mini_program(mini_user("mAnna")).await;
    let bound = world.bind(&auth, PHONE).await.unwrap();
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let (auth, login) = world.services.mini_program.log_in(mini_request(), "c1").await.unwrap();
    assert_eq!(world.account_of(&login).await, world.account_of(&bound).await);
    assert!(world.services.session_issuer.issue(&auth, &login, browser()).await.is_ok());
}

#[tokio::test]
async fn the_session_key_is_kept_sealed_for_a_day() {
    let world = World::new();
    let (auth, login) = world.by_mini_program(mini_user("mAnna")).await;
    let kept = async |after| world.session_keys.find(auth.id(), START.plus(secs(after))).await.unwrap();
    let sealed = kept(24 * 3600 - 1).await.unwrap();
    assert!(!sealed.windows(8).any(|part| SESSION_KEY.as_bytes().windows(8).any(|other| part == other)));
    assert_eq!(kept(24 * 3600).await, None);
    let printed = format!("{auth:?} {login:?} {:?}", mini_user("mAnna"));
    assert!(!printed.contains(SESSION_KEY), "{printed}");
}

#[tokio::test]
async fn a_session_key_that_cannot_be_kept_does_not_stop_the_login() {
    let world = World::new();
    let node = world.node(|ports| {
        ports.session_keys = broken::session_keys();
        ports.login_cache = broken::login_cache();
        ports.limits = broken::limits();
    });
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let (auth, login) = node.mini_program.log_in(mini_request(), "c1").await.unwrap();
    assert_eq!(world.committed(&auth).await, Some(login));
    assert!(world.bind(&auth, PHONE).await.is_ok());
}

#[tokio::test]
async fn a_person_whom_another_app_knows_is_logged_in_by_their_unionid() {
    let world = World::new();
    let anna = |openid| MiniProgramUser { unionid: Some(unionid("uAnna")), ..mini_user(openid) };
    let (_, login) = world.by_mini_program(anna("mAnna")).await;
    let identity = world.database.identity(waiting_identity(&login)).await.unwrap().unwrap();
    assert_eq!(identity.union.unwrap().unionid, unionid("uAnna"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_logins_with_one_code_one_is_exchanged() {
    let world = World::new();
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let mut tasks = JoinSet::new();
    for number in 0..50 {
        let node = world.node(|_| ());
        let mut request = mini_request();
        request.client = client(&format!("192.0.2.{number}"));
        tasks.spawn(async move { node.mini_program.log_in(request, "c1").await.map(|_| ()) });
    }
    let answers = tasks.join_all().await;
    assert_eq!(world.mini_program.exchanged(), ["c1"]);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| **answer == Err(ServiceError::CodeInvalid)).count(), 49);
}

#[tokio::test]
async fn a_code_that_wechat_does_not_know_is_invalid() {
    let world = World::new();
    for _ in 0..2 {
        let refused = world.services.mini_program.log_in(mini_request(), "unknown").await;
        assert_eq!(refused.unwrap_err(), ServiceError::CodeInvalid);
    }
    assert_eq!(world.mini_program.exchanged().len(), 1, "asked once");
}

#[tokio::test]
async fn wechat_that_does_not_answer_or_refuses_is_never_asked_again() {
    let world = World::new();
    let down = WechatError::Unavailable { reason: "timed out".to_owned(), retry_after: secs(1) };
    let risk = WechatError::Refused { errcode: 40226, advice: "refuse the login".to_owned() };
    for (code, failure) in [("c1", down), ("c2", risk)] {
        world.mini_program.give_code(&app("mini"), code, mini_user("mAnna"));
        world.mini_program.fail_next(failure.clone());
        let refused = world.services.mini_program.log_in(mini_request(), code).await.unwrap_err();
        assert_eq!(refused, ServiceError::Wechat(failure));
        let again = world.services.mini_program.log_in(mini_request(), code).await.unwrap_err();
        assert_eq!(again, ServiceError::CodeInvalid);
    }
    assert_eq!(world.mini_program.exchanged(), ["c1", "c2"]);
}

#[tokio::test]
async fn a_code_that_is_not_known_to_be_redeemed_is_not_sent() {
    let world = World::new();
    let node = world.node(|ports| {
        ports.one_time_codes = broken::one_time_codes();
        ports.mini_program = Arc::new(MockMiniProgram::new());
    });
    let refused = node.mini_program.log_in(mini_request(), "c1").await.unwrap_err();
    assert_eq!(refused, store_error());
}

#[tokio::test]
async fn a_login_that_is_not_committed_is_an_error() {
    let world = World::new();
    let node = world.node(|ports| ports.logins = broken::logins());
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let refused = node.mini_program.log_in(mini_request(), "c1").await.unwrap_err();
    assert_eq!(refused, ServiceError::Store(StoreError::Unavailable("away".to_owned())));
}

#[tokio::test]
async fn a_client_starts_no_more_of_them_than_of_others() {
    let world = World::new();
    for number in 0..30 {
        let refused =
            world.services.mini_program.log_in(mini_request(), &format!("c{number}")).await.unwrap_err();
        assert_eq!(refused, ServiceError::CodeInvalid);
    }
    let refused = world.services.mini_program.log_in(mini_request(), "c30").await.unwrap_err();
    assert!(matches!(refused, ServiceError::RateLimited { .. }));
    assert_eq!(world.mini_program.exchanged().len(), 30);
}
