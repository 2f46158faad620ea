//! An error logs no person in, and sends no code twice.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use saoma_domain::{
    login::{ExpiryReason, Login, LoginEvent, LoginState},
    ports::{CodeHash, MockLogins, MockOAuth, OneTimeCodes, Redemption, ScanTaken, StoreError, WechatError},
    services::ServiceError,
    time::Timestamp,
};
use saoma_testing::MemoryDatabase;

use crate::{
    broken::{self, away, store_error},
    channels::{back, user},
    wait::paused_world,
    world::{START, World, app, secs},
};

#[tokio::test]
async fn wechat_that_does_not_answer_ends_the_login_and_is_never_asked_again() {
    let world = World::new();
    let down = WechatError::Unavailable { reason: "timed out".to_owned(), retry_after: secs(1) };
    let refused = WechatError::Refused { errcode: 40125, advice: "check the secret".to_owned() };
    for failure in [down, refused] {
        let auth = world.sent_away().await;
        let code = format!("c-{}", world.oauth.exchanged().len());
        world.oauth.give_code(&app("site"), &code, user("wAnna"));
        world.oauth.fail_next(failure.clone());
        let returned = world.services.oauth_returns.finish(&auth, back(Some(&code))).await;
        assert_eq!(returned, Err(ServiceError::Wechat(failure)));
        let login = world.committed(&auth).await.unwrap();
        assert!(matches!(login.state, LoginState::Expired { reason: ExpiryReason::Cancelled, .. }));
        let mut oauth = MockOAuth::new();
        oauth.expect_exchange().never();
        let node = world.node(|ports| ports.oauth = Arc::new(oauth));
        assert_eq!(node.oauth_returns.finish(&auth, back(Some(&code))).await, Err(ServiceError::CodeInvalid));
    }
}

#[tokio::test]
async fn a_store_that_is_away_before_the_exchange_leaves_everything_as_it_was() {
    let world = World::new();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    for node in [
        world.node(|ports| ports.logins = broken::logins()),
        world.node(|ports| ports.one_time_codes = broken::one_time_codes()),
    ] {
        assert_eq!(node.oauth_returns.finish(&auth, back(Some("c1"))).await, Err(store_error()));
        assert_eq!(world.oauth.exchanged(), [""; 0]);
        assert_eq!(world.committed(&auth).await, None);
    }
    let login = world.services.oauth_returns.finish(&auth, back(Some("c1"))).await.unwrap();
    assert_eq!(login.state.name(), "unregistered", "the same return goes on");
}

/// One-time codes of which one can be redeemed, before the store is lost.
struct OneRedemption(Arc<MemoryDatabase>, AtomicBool);

#[async_trait]
impl OneTimeCodes for OneRedemption {
    async fn redeem(&self, what: CodeHash, by: CodeHash, until: Timestamp) -> Result<Redemption, StoreError> {
        if self.1.swap(true, Ordering::SeqCst) {
            return Err(away());
        }
        self.0.redeem(what, by, until).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_return_goes_on_where_only_the_state_was_redeemed() {
    let world = paused_world();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    let one_time_codes = OneRedemption(world.database.clone(), AtomicBool::new(false));
    let node = world.node(|ports| ports.one_time_codes = Arc::new(one_time_codes));
    assert_eq!(node.oauth_returns.finish(&auth, back(Some("c1"))).await, Err(store_error()));
    assert_eq!(world.come_back(&auth, user("wBela")).await, Err(ServiceError::OAuthState));
    let login = world.services.oauth_returns.finish(&auth, back(Some("c1"))).await.unwrap();
    assert_eq!(login.state.name(), "unregistered");
    assert_eq!(world.oauth.exchanged(), ["c1"]);
}

#[tokio::test]
async fn a_person_who_is_not_committed_is_not_published_and_the_login_ends() {
    let world = World::new();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    let ended = Login::new(auth.id()).apply(LoginEvent::Cancelled, START).unwrap();
    let mut logins = MockLogins::new();
    logins.expect_find().times(1).returning(|_| Ok(None));
    logins.expect_take_scan().times(3).returning(|_| Err(away()));
    let returned = ended.clone();
    logins
        .expect_end()
        .times(1)
        .withf(|_, event, _| *event == LoginEvent::Cancelled)
        .return_once(|_, _, _| Ok(returned));
    let node = world.node(|ports| ports.logins = Arc::new(logins));
    assert_eq!(node.oauth_returns.finish(&auth, back(Some("c1"))).await, Err(store_error()));
    assert_eq!(world.services.waiting.look(&auth).await, Ok(ended), "the cache says so too");
}

#[tokio::test]
async fn a_busy_store_is_asked_again_since_the_code_is_used_up() {
    let world = World::new();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    let taken = Login::new(auth.id()).apply(LoginEvent::Denied, START).unwrap();
    let (mut logins, mut answers) = (MockLogins::new(), vec![Ok(ScanTaken::LinkRefused(taken.clone()))]);
    answers.extend([Err(away()), Err(away())]);
    logins.expect_find().times(1).returning(|_| Ok(None));
    logins.expect_take_scan().times(3).returning(move |_| answers.pop().unwrap());
    let node = world.node(|ports| ports.logins = Arc::new(logins));
    assert_eq!(node.oauth_returns.finish(&auth, back(Some("c1"))).await, Ok(taken));
    assert_eq!(world.oauth.exchanged(), ["c1"]);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_could_not_be_ended_either_takes_no_return_any_more() {
    let world = paused_world();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    let mut logins = MockLogins::new();
    logins.expect_find().times(1).returning(|_| Ok(None));
    logins.expect_take_scan().times(3).returning(|_| Err(away()));
    logins.expect_end().times(1).returning(|_, _, _| Err(away()));
    let node = world.node(|ports| ports.logins = Arc::new(logins));
    assert_eq!(node.oauth_returns.finish(&auth, back(Some("c1"))).await, Err(store_error()));
    assert_eq!(world.come_back(&auth, user("wBela")).await, Err(ServiceError::OAuthState));
    assert_eq!(world.oauth.exchanged(), ["c1"]);
}

#[tokio::test]
async fn a_refusal_that_is_not_committed_is_an_error() {
    let world = World::new();
    let auth = world.sent_away().await;
    let mut logins = MockLogins::new();
    logins.expect_find().times(1).returning(|_| Ok(None));
    logins.expect_end().times(1).returning(|_, _, _| Err(away()));
    for node in [
        world.node(|ports| ports.one_time_codes = broken::one_time_codes()),
        world.node(|ports| ports.logins = Arc::new(logins)),
    ] {
        assert_eq!(node.oauth_returns.finish(&auth, back(None)).await, Err(store_error()));
        assert_eq!(world.committed(&auth).await, None);
    }
    let denied = world.services.oauth_returns.finish(&auth, back(None)).await.unwrap();
    assert_eq!(denied.state.name(), "expired", "the next one makes up for it");
}

#[tokio::test]
async fn a_return_needs_nothing_that_may_vanish() {
    let world = World::new();
    let node = world.node(|ports| {
        ports.login_cache = broken::login_cache();
        ports.notifier = broken::notifier();
        ports.limits = broken::limits();
        ports.session_keys = broken::session_keys();
    });
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    let login = node.oauth_returns.finish(&auth, back(Some("c1"))).await.unwrap();
    assert_eq!(node.oauth_returns.finish(&auth, back(Some("c1"))).await, Ok(login));
}
