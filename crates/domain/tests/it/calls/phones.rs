//! What it costs to bind a phone number.

use std::sync::Arc;

use saoma_domain::{
    account::AccountId,
    login::{AuthenticatedLogin, Login, LoginEvent, LoginState},
    ports::{
        Bound, CodeAttempt, LoginRecord, MockLimits, MockLoginCache, MockLogins, MockSessionCache,
        MockSessions, MockSmsCodes, MockSmsSender, SmsReceipt, Verdict,
    },
    services::{CodeRequest, Ports, Services},
    session::SessionTokenHash,
};

use super::node;
use crate::world::{CLIENT, PHONE, World, secs};

/// Returns the truth about logins, which is asked about one of them so often.
fn logins_saying(login: &Login, times: usize) -> MockLogins {
    let record = LoginRecord {
        login: login.clone(),
        identity: None,
        proof: None,
        scan: None,
        link_refused: false,
        registration_closed: false,
    };
    let mut logins = MockLogins::new();
    logins.expect_find().times(times).returning(move |_| Ok(Some(record.clone())));
    logins
}

/// Returns limits that are counted against once.
fn limits() -> Arc<MockLimits> {
    let mut limits = MockLimits::new();
    limits.expect_take().times(1).returning(|_, _| Ok(Verdict::Allowed));
    Arc::new(limits)
}

#[tokio::test]
async fn a_code_costs_one_query_one_count_and_one_message() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let login = world.committed(&auth).await.unwrap();
    let (mut codes, mut sender) = (MockSmsCodes::new(), MockSmsSender::new());
    codes.expect_put().times(1).returning(|_, _, _, _| Ok(()));
    sender.expect_send().times(1).returning(|_, _| Ok(SmsReceipt { provider: "mock" }));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.logins = Arc::new(logins_saying(&login, 1));
        ports.limits = limits();
        ports.sms_codes = Arc::new(codes);
        ports.sms_sender = Arc::new(sender);
    });
    cheap.phone_binding.send_code(&auth, CodeRequest { phone: PHONE, client: CLIENT }).await.unwrap();
}

/// Returns a login that waits for a phone number, and a node that binds it with one query, one try at the code, one
/// transaction and one publication, and beyond that only with what it is given. The account is new, or has this id.
async fn binding_node(
    world: &World,
    known: Option<AccountId>,
    given: impl FnOnce(&mut Ports),
) -> (AuthenticatedLogin, Services) {
    let auth = world.unregistered("oAnna").await;
    let login = world.committed(&auth).await.unwrap();
    let (mut logins, mut codes) = (logins_saying(&login, 1), MockSmsCodes::new());
    codes.expect_attempt().times(1).returning(|_, _, _| Ok(CodeAttempt::Right));
    logins.expect_bind().times(1).return_once(move |binding| {
        let account = known.unwrap_or(binding.new_account);
        let bound = login.apply(LoginEvent::Bound { account, window: binding.window }, binding.at);
        Ok(Bound::Registered(bound.unwrap()))
    });
    let mut login_cache = MockLoginCache::new();
    login_cache.expect_publish().times(1).returning(|_, _| Ok(()));
    let node = node(world, |ports| {
        ports.random = world.ports().random;
        ports.logins = Arc::new(logins);
        ports.limits = limits();
        ports.sms_codes = Arc::new(codes);
        ports.login_cache = Arc::new(login_cache);
        given(ports);
    });
    (auth, node)
}

#[tokio::test]
async fn a_binding_that_makes_an_account_asks_for_none_of_its_sessions() {
    let world = World::new();
    let (auth, cheap) = binding_node(&world, None, |_| {}).await;
    let login = cheap.phone_binding.bind(&auth, PHONE, "123456").await.unwrap();
    assert!(matches!(login.state, LoginState::Registered { .. }));
}

#[tokio::test]
async fn a_binding_to_a_known_account_costs_one_query_for_its_sessions_and_one_invalidation() {
    let world = World::new();
    let account = AccountId::generate(world.now().plus(secs(1)), &*world.ports().random);
    let (mut sessions, mut session_cache) = (MockSessions::new(), MockSessionCache::new());
    let tokens = vec![SessionTokenHash::from_store([1; 32])];
    sessions.expect_tokens_of().times(1).return_once(|_| Ok(tokens));
    session_cache.expect_invalidate().times(1).returning(|_, _| Ok(()));
    let (auth, cheap) = binding_node(&world, Some(account), |ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(session_cache);
    })
    .await;
    cheap.phone_binding.bind(&auth, PHONE, "123456").await.unwrap();
}
