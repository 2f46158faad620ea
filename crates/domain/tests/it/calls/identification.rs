//! What it costs that WeChat identifies a person.

use std::sync::Arc;

use saoma_domain::{
    account::IdentityId,
    login::{AuthenticatedLogin, Login, LoginEvent, LoginScene, ScenePurpose},
    ports::{
        Accounts, MockAccounts, MockLoginCache, MockLogins, MockOAuth, MockOfficialAccount, MockOneTimeCodes,
        Redemption, Scan, ScanRecord, ScanTaken,
    },
    services::ScannedEvent,
    wechat::Follower,
};

use super::node;
use crate::{
    channels::{back, unionid, user, waiting_identity},
    world::{PHONE, START, World, app, browser, openid, request, secs, told},
};

/// Returns what is recorded of a scan that led to a login.
fn record(login: Login, identity: IdentityId, known: bool) -> ScanRecord {
    ScanRecord {
        login,
        identity,
        known,
        linked: false,
        bound_now: false,
        has_union: true,
        has_notice: false,
        is_disabled: false,
        client_info: browser(),
        at: START,
    }
}

/// Returns what WeChat reports when a person scans the code of a login.
fn event(auth: &AuthenticatedLogin) -> ScannedEvent {
    let scene = LoginScene { purpose: ScenePurpose::default(), id: auth.id() }.to_string();
    ScannedEvent { app: app("main"), openid: openid("oAnna"), scene }
}

/// Returns a cache that knows what a login was opened with, and takes one outcome.
fn cache() -> Arc<MockLoginCache> {
    let mut login_cache = MockLoginCache::new();
    login_cache.expect_context().times(1).returning(|_| Ok(Some(request("main").context)));
    login_cache.expect_publish().times(1).returning(|_, _| Ok(()));
    Arc::new(login_cache)
}

#[tokio::test]
async fn a_scan_of_a_known_person_costs_one_look_at_them_one_transaction_one_read_and_one_publication() {
    let world = World::new();
    let (auth, login) = world.registered("oAnna", PHONE).await;
    let anna = world.database.identities(world.account_of(&login).await.id).await.unwrap().remove(0);
    let record = record(login, anna.id, true);
    let (mut logins, mut accounts) = (MockLogins::new(), MockAccounts::new());
    accounts.expect_identity_of().times(1).return_once(|_, _| Ok(Some(anna)));
    logins.expect_take_scan().times(1).return_once(|_| Ok(ScanTaken::First(record)));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.logins = Arc::new(logins);
        ports.accounts = Arc::new(accounts);
        ports.login_cache = cache();
    });
    let reply = cheap.scans.take_scan(event(&auth)).await.unwrap();
    assert_eq!(told(&reply), ("logged_in", browser(), START));
}

#[tokio::test]
async fn a_scan_of_a_new_person_costs_a_question_to_wechat_besides() {
    let world = World::new();
    let auth = world.start().await.auth;
    let identity = IdentityId::generate(START, &*world.ports().random);
    let scanned = LoginEvent::Scanned { identity, account: None, window: secs(600) };
    let record = record(Login::new(auth.id()).apply(scanned, START).unwrap(), identity, false);
    let (mut logins, mut accounts) = (MockLogins::new(), MockAccounts::new());
    let mut wechat = MockOfficialAccount::new();
    accounts.expect_identity_of().times(1).returning(|_, _| Ok(None));
    let anna = Follower { subscribed: true, unionid: Some(unionid("uAnna")), ..Follower::default() };
    wechat.expect_follower().times(1).return_once(|_, _, _| Ok(anna));
    let has_union = |scan: &Scan| scan.union.is_some();
    logins.expect_take_scan().times(1).withf(has_union).return_once(|_| Ok(ScanTaken::First(record)));
    let cheap = node(&world, |ports| {
        ports.random = world.ports().random;
        ports.logins = Arc::new(logins);
        ports.accounts = Arc::new(accounts);
        ports.official_account = Arc::new(wechat);
        ports.login_cache = cache();
    });
    let reply = cheap.scans.take_scan(event(&auth)).await.unwrap();
    assert_eq!(told(&reply), ("phone_needed", browser(), START));
}

#[tokio::test]
async fn a_return_costs_one_query_two_redemptions_one_exchange_and_one_transaction() {
    let world = World::new();
    let auth = world.sent_away().await;
    let (_, login) = world.by_site(user("wAnna")).await;
    let identity = waiting_identity(&login);
    let record = record(login, identity, false);
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
