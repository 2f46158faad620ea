//! A server for one case, and what is done to it.

use std::time::Duration;

use saoma_contract::values::{app, client_info, known_session, proof, token_hash};
use saoma_domain::{
    login::{Channel, ClientInfo, LoginContext, ScenePurpose},
    ports::{
        self, CachedLogin, CachedSession, Clock, CodeAttempt, Limit, Limits, LoginCache, Rate, SmsCodes,
        Verdict,
    },
    sms::SmsCodeDigest,
    time::Timestamp,
};
use saoma_redis::RedisStore;
use saoma_servers::RedisServer;

use crate::support::{Node, RealTime, later, login, outcome, store_with};

/// Longer than any notification takes.
pub(crate) const LONG: Duration = Duration::from_secs(10);

/// The `User-Agent` of WeChat on a phone.
pub(crate) const WECHAT: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN";

/// Returns the usual context of a login.
pub(crate) fn context() -> LoginContext {
    LoginContext {
        channel: Channel::OfficialAccount,
        app: app("main"),
        purpose: ScenePurpose::default(),
        client_info: ClientInfo::new(client_info().ip, WECHAT),
    }
}

/// Starts a server and connects a node to it.
pub(crate) async fn server() -> (RedisServer, Node) {
    let server = RedisServer::start(&[]).unwrap();
    let store = store_with(&server.url(), "t:").await;
    (server, store)
}

pub(crate) fn window() -> [Limit; 1] {
    let rate = Rate::Window { max: 100, lasts: Duration::from_secs(60) };
    [Limit { key: "ip:2001:db8::7".to_owned(), rate }]
}

fn digest() -> SmsCodeDigest {
    SmsCodeDigest { number: [1; 16], code: proof(1).0 }
}

/// Uses every port once.
pub(crate) async fn use_everything(store: &RedisStore, number: u64) {
    let (id, now) = (login(number), RealTime.now());
    store.open(id, Some(context()), later()).await.unwrap();
    store.publish(&outcome(id, 2), later()).await.unwrap();
    assert_eq!(store.read(id).await, Ok(CachedLogin::Outcome(outcome(id, 2))));
    assert_eq!(store.context(id).await, Ok(Some(context())));
    store.put(id, digest(), 5, later()).await.unwrap();
    assert_eq!(store.attempt(id, digest(), now).await, Ok(CodeAttempt::Right));
    assert_eq!(store.take(&window(), now).await, Ok(Verdict::Allowed));
    use_a_session(store, number, now).await;
    use_a_token(store, now).await;
}

async fn use_a_token(store: &dyn ports::AccessTokens, now: Timestamp) {
    assert_eq!(store.try_acquire("wx0001", now.plus(Duration::from_secs(3))).await, Ok(true));
    store.put("wx0001", b"sealed", later()).await.unwrap();
    store.forget("wx0001", b"another").await.unwrap();
    assert_eq!(store.read("wx0001").await, Ok(Some(b"sealed".to_vec())));
}

async fn use_a_session(store: &dyn ports::SessionCache, number: u64, now: Timestamp) {
    let (hash, live) = (token_hash(number), known_session(number, now));
    let until = now.plus(CachedSession::TTL);
    store.put(&hash, &live, now, until).await.unwrap();
    let active = std::sync::Arc::new(live);
    assert_eq!(store.read(&hash).await, Ok(Some(CachedSession::Live { active, until })));
    store.mark_ended(&[hash], now.plus(CachedSession::ENDED_TTL)).await.unwrap();
    assert_eq!(store.read(&hash).await, Ok(Some(CachedSession::Ended)));
}

/// Returns how many bytes each key takes, the smallest first.
pub(crate) fn weights(server: &RedisServer) -> Vec<u32> {
    let keys = server.ask(&["KEYS", "*"]).unwrap();
    let weight = |key| server.ask(&["MEMORY", "USAGE", key]).unwrap().trim().parse().unwrap();
    let mut weights: Vec<u32> = keys.lines().map(weight).collect();
    weights.sort_unstable();
    weights
}

/// Returns how many commands the server has processed.
pub(crate) fn commands(server: &RedisServer) -> u64 {
    let stats = server.ask(&["INFO", "stats"]).unwrap();
    let count = stats.lines().find_map(|line| line.strip_prefix("total_commands_processed:")).unwrap();
    count.parse().unwrap()
}
