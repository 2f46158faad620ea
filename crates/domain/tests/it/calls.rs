//! What the hot paths cost: how often each asks which port.

use std::sync::Arc;

use saoma_domain::{
    login::{AuthenticatedLogin, Login, LoginScene, ScenePurpose},
    ports::{
        Accounts, CachedLogin, CachedSession, MockAccounts, MockLoginCache, MockLogins, MockOAuth,
        MockOneTimeCodes, MockSessionCache, MockSessions, Redemption, ScanRecord, ScanTaken, StoredSession,
    },
    services::{Ports, ScanReply, ScannedEvent, ServiceError, Services},
};

use crate::{
    broken::untouched,
    doors::{back, user, waiting_identity},
    world::{PHONE, START, World, app, browser, keys, millis, openid, policy, secs, wish},
};

/// Returns a node that may use the clock and, beyond that, only what it is given.
fn node(world: &World, given: impl FnOnce(&mut Ports)) -> Services {
    let mut ports = Ports { clock: world.clock.clone(), ..untouched() };
    given(&mut ports);
    Services::new(ports, keys(&[1]), policy())
}

/// Returns a cache that is read so often and says this.
fn board_saying(entry: CachedLogin, times: usize) -> Arc<MockLoginCache> {
    let mut login_cache = MockLoginCache::new();
    login_cache.expect_read().times(times).returning(move |_| Ok(entry.clone()));
    Arc::new(login_cache)
}

async fn looks(node: &Services, auth: &AuthenticatedLogin, times: usize, expected: &Login) {
    for _ in 0..times {
        assert_eq!(node.waiting.look(auth).await.as_ref(), Ok(expected));
    }
}

#[tokio::test]
async fn a_look_at_what_is_on_the_board_costs_one_read_and_no_query() {
    let world = World::new();
    let waiting = world.start().await.auth;
    let cheap = node(&world, |ports| ports.login_cache = board_saying(CachedLogin::Open, 100));
    looks(&cheap, &waiting, 100, &Login::new(waiting.id())).await;

    let scanned = world.unregistered("oAnna").await;
    let (registered, _) = world.registered("oBela", PHONE).await;
    let cancelled = world.start().await.auth;
    world.services.cancellation.cancel(&cancelled).await.unwrap();
    for auth in [scanned, registered, cancelled] {
        let login = world.committed(&auth).await.unwrap();
        let said = CachedLogin::Outcome(login.clone());
        let cheap = node(&world, |ports| ports.login_cache = board_saying(said, 10));
        looks(&cheap, &auth, 10, &login).await;
    }
}

#[tokio::test]
async fn a_start_costs_no_query() {
    let world = World::new();
    let cheap = node(&world, |ports| {
        let memory = world.ports();
        ports.random = memory.random;
        ports.limits = memory.limits;
        ports.official_account = memory.official_account;
        let mut login_cache = MockLoginCache::new();
        login_cache.expect_open().times(1).returning(|_, _, _| Ok(()));
        ports.login_cache = Arc::new(login_cache);
    });
    cheap.start.with_qr(wish("main")).await.unwrap();
}

#[tokio::test]
async fn a_scan_costs_one_transaction_one_read_and_one_publication() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let identity = world.ledger.identities(world.account_of(&login).await.id).await.unwrap()[0].id;
    let record = ScanRecord {
        login,
        identity,
        known: true,
        linked: false,
        bound_now: false,
        has_union: true,
        client_info: browser(),
        at: START,
    };
    let (mut logins, mut login_cache) = (MockLogins::new(), MockLoginCache::new());
    logins.expect_take_scan().times(1).return_once(|_| Ok(ScanTaken::First(record)));
    login_cache.expect_context().times(1).returning(|_| Ok(Some(wish("main").context)));
    login_cache.expect_publish().times(1).returning(|_, _| Ok(()));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.logins = Arc::new(logins);
        ports.login_cache = Arc::new(login_cache);
    });
    let scene = LoginScene { purpose: ScenePurpose::default(), id: auth.id() }.to_string();
    let event = ScannedEvent { app: app("main"), openid: openid("oAnna"), scene };
    let logged_in = ScanReply::LoggedIn { client_info: browser(), at: START };
    assert_eq!(cheap.scans.take_scan(event).await.unwrap(), logged_in);
}

#[tokio::test]
async fn a_return_costs_one_query_two_claims_one_exchange_and_one_transaction() {
    let world = World::new();
    let auth = world.sent_away().await;
    let (_, login) = world.by_site(user("wAnna")).await;
    let identity = waiting_identity(&login);
    let record = ScanRecord {
        login,
        identity,
        known: false,
        linked: false,
        bound_now: false,
        has_union: false,
        client_info: browser(),
        at: START,
    };
    let (mut logins, mut one_time_codes) = (MockLogins::new(), MockOneTimeCodes::new());
    let (mut oauth, mut login_cache) = (MockOAuth::new(), MockLoginCache::new());
    logins.expect_find().times(1).returning(|_| Ok(None));
    one_time_codes.expect_redeem().times(2).returning(|_, _, _| Ok(Redemption::First));
    oauth.expect_exchange().times(1).returning(|_, _| Ok(user("wAnna")));
    logins.expect_take_scan().times(1).return_once(|_| Ok(ScanTaken::First(record)));
    login_cache.expect_publish().times(1).returning(|_, _| Ok(()));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.logins = Arc::new(logins);
        ports.one_time_codes = Arc::new(one_time_codes);
        ports.oauth = Arc::new(oauth);
        ports.login_cache = Arc::new(login_cache);
    });
    cheap.oauth_returns.finish(&auth, back(Some("c1"))).await.unwrap();
}

#[tokio::test]
async fn a_hand_over_costs_one_query_for_the_account_and_one_insert() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let granted = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let (mut accounts, mut sessions) = (MockAccounts::new(), MockSessions::new());
    accounts.expect_account().times(1).return_once(|_| Ok(Some(granted.account)));
    let opened = StoredSession { session: granted.session, token_hash: granted.token.hash(), ended: false };
    sessions.expect_issue().times(1).return_once(|_| Ok(Some(opened)));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.accounts = Arc::new(accounts);
        ports.sessions = Arc::new(sessions);
    });
    let again = cheap.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    assert_eq!(again.token.reveal(), granted.token.reveal());
}

#[tokio::test]
async fn a_session_check_costs_one_read_of_a_copy_and_a_write_at_most_once_a_minute() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    for (pause, checks, writes) in [(secs(60) - millis(1), 100, 0), (millis(1), 1, 1)] {
        world.pass(pause);
        let (mut sessions, mut copies) = (MockSessions::new(), MockSessionCache::new());
        let copy = CachedSession::Live(world.stored(&granted).await);
        copies.expect_read().times(checks).returning(move |_| Ok(Some(copy.clone())));
        copies.expect_refresh().times(writes).returning(|_, _| Ok(()));
        sessions.expect_touch().times(writes).returning(|_, _| Ok(()));
        let cheap = node(&world, |ports| {
            ports.sessions = Arc::new(sessions);
            ports.session_cache = Arc::new(copies);
        });
        for _ in 0..checks {
            cheap.sessions.check(&granted.token).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_session_check_without_a_copy_costs_one_read_of_the_database_and_leaves_a_copy() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let (mut sessions, mut copies) = (MockSessions::new(), MockSessionCache::new());
    let copied = world.stored(&granted).await;
    let found = copied.clone();
    copies.expect_read().times(1).returning(|_| Ok(None));
    sessions.expect_find().times(1).return_once(|_| Ok(Some(found)));
    let hash = granted.token.hash();
    let put = move |of: &_, live: &_, until: &_| (of, live, until) == (&hash, &copied, &START.plus(secs(60)));
    copies.expect_put().times(1).withf(put).returning(|_, _, _| Ok(()));
    let cheap = node(&world, |ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(copies);
    });
    cheap.sessions.check(&granted.token).await.unwrap();
}

#[tokio::test]
async fn a_log_out_with_a_copy_costs_one_read_of_it_one_transaction_and_one_invalidation() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let (mut sessions, mut copies) = (MockSessions::new(), MockSessionCache::new());
    let (copy, hash) = (CachedSession::Live(world.stored(&granted).await), granted.token.hash());
    let (account, id) = (granted.account.id, granted.session.id);
    copies.expect_read().times(1).return_once(|_| Ok(Some(copy)));
    let is_ours = move |of: &_, which: &_, at: &_| (of, which, at) == (&account, &id, &START);
    sessions.expect_end().times(1).withf(is_ours).return_once(move |_, _, _| Ok(Some(hash)));
    copies.expect_end().times(1).withf(move |ended, _| ended == [hash]).returning(|_, _| Ok(()));
    let cheap = node(&world, |ports| {
        ports.sessions = Arc::new(sessions);
        ports.session_cache = Arc::new(copies);
    });
    cheap.sessions.log_out(&granted.token).await.unwrap();
}

#[tokio::test]
async fn the_check_of_an_ended_session_costs_no_query() {
    let world = World::new();
    let granted = world.session("oAnna", PHONE).await;
    let mut copies = MockSessionCache::new();
    copies.expect_read().times(10).returning(|_| Ok(Some(CachedSession::Ended)));
    let cheap = node(&world, |ports| ports.session_cache = Arc::new(copies));
    for _ in 0..10 {
        assert_eq!(cheap.sessions.check(&granted.token).await, Err(ServiceError::SessionInvalid));
    }
}

#[tokio::test]
async fn a_sweep_asks_once_for_all_logins_that_are_looked_at() {
    let world = World::new();
    let mut logins = MockLogins::new();
    logins.expect_find_many().times(1).withf(|ids| ids.len() == 20).returning(|_| Ok(Vec::new()));
    let cheap = node(&world, |ports| {
        ports.login_cache = board_saying(CachedLogin::Open, 40);
        ports.logins = Arc::new(logins);
    });
    for _ in 0..20 {
        let auth = world.start().await.auth;
        looks(&cheap, &auth, 2, &Login::new(auth.id())).await;
    }
    assert_eq!(cheap.waiting.reconcile().await, Ok(0));
}
