//! Servers that are upset, cut off, emptied, stopped and full: each case has one of its own.

use std::time::Duration;

use saoma_contract::values::{app, asker, known_session, proof, token_hash};
use saoma_domain::{
    login::{Asker, Channel, LoginContext, ScenePurpose},
    ports::{
        self, Board, BoardEntry, Clock, CodeAttempt, Health, Limit, Limits, Rate, SessionCopy, SmsCodes,
        StoreError, Verdict, Wakeups,
    },
    sms::SmsCodeDigest,
    time::Timestamp,
};
use saoma_redis::RedisStore;
use saoma_servers::RedisServer;

use crate::support::{RealTime, later, login, outcome, restricted_user, store_with, timed, until_it_works};

const LONG: Duration = Duration::from_secs(10);

/// A long name, as browsers have them today.
const BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
    Gecko) Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN";

/// Returns what is known of a login that a browser asked for.
fn context(browser: &str) -> LoginContext {
    LoginContext {
        channel: Channel::OfficialAccount,
        app: app("main"),
        purpose: ScenePurpose::default(),
        asker: Asker::new(asker().ip, browser),
        return_to: Some("/orders/2026/11?tab=open".to_owned()),
    }
}

async fn server() -> (RedisServer, RedisStore) {
    let server = RedisServer::start(&[]).unwrap();
    let store = store_with(&server.url(), "t:").await;
    (server, store)
}

fn window() -> [Limit; 1] {
    let rate = Rate::Window { max: 100, lasts: Duration::from_secs(60) };
    [Limit { key: "ip:2001:db8::7".to_owned(), rate }]
}

fn digest() -> SmsCodeDigest {
    SmsCodeDigest { number: [1; 16], code: proof(1).0 }
}

/// Uses everything once.
async fn use_everything(store: &RedisStore, number: u64) {
    let (id, now) = (login(number), RealTime.now());
    store.open(id, Some(context(BROWSER)), later()).await.unwrap();
    store.publish(&outcome(id, 2), later()).await.unwrap();
    assert_eq!(store.read(id).await, Ok(BoardEntry::Outcome(outcome(id, 2))));
    assert_eq!(store.context(id).await, Ok(Some(context(BROWSER))));
    store.put(id, digest(), 5, later()).await.unwrap();
    assert_eq!(store.attempt(id, digest(), now).await, Ok(CodeAttempt::Right));
    assert_eq!(store.take(&window(), now).await, Ok(Verdict::Allowed));
    use_a_session(store, number, now).await;
    use_a_token(store, now).await;
}

async fn use_a_token(store: &dyn ports::AccessTokens, now: Timestamp) {
    assert_eq!(store.may_refresh("wx0001", now.plus(Duration::from_secs(3))).await, Ok(true));
    store.put("wx0001", b"sealed", later()).await.unwrap();
    store.forget("wx0001", b"another").await.unwrap();
    assert_eq!(store.read("wx0001").await, Ok(Some(b"sealed".to_vec())));
}

async fn use_a_session(store: &dyn ports::SessionCopies, number: u64, now: Timestamp) {
    let (hash, mut live) = (token_hash(number), known_session(number, now));
    store.put(&hash, &live, now.plus(SessionCopy::LIVES)).await.unwrap();
    live.session.last_seen_at = later();
    store.refresh(&hash, later()).await.unwrap();
    assert_eq!(store.read(&hash).await, Ok(Some(SessionCopy::Live(live))));
    store.end(&[hash], now.plus(SessionCopy::END_LIVES)).await.unwrap();
    assert_eq!(store.read(&hash).await, Ok(Some(SessionCopy::Ended)));
}

#[tokio::test]
async fn scripts_that_are_forgotten_are_sent_again() {
    let (server, store) = server().await;
    for number in 0..20 {
        server.ask(&["SCRIPT", "FLUSH"]).unwrap();
        use_everything(&store, number).await;
    }
}

#[tokio::test]
async fn every_key_is_forgotten_some_time() {
    let (server, store) = server().await;
    use_everything(&store, 1).await;
    let keys = server.ask(&["KEYS", "*"]).unwrap();
    assert_eq!(keys.lines().count(), 5, "{keys}");
    for key in keys.lines() {
        let left: i64 = server.ask(&["PTTL", key]).unwrap().trim().parse().unwrap();
        assert!((60_000..160_000).contains(&left), "{key} is kept for {left} ms");
    }
}

#[tokio::test]
async fn an_abandoned_login_weighs_600_bytes_at_the_most() {
    let server = RedisServer::start(&[]).unwrap();
    let store = store_with(&server.url(), "saoma:").await;
    store.open(login(1), None, later()).await.unwrap();
    store.open(login(2), Some(context(BROWSER)), later()).await.unwrap();
    store.open(login(3), Some(context(&"x".repeat(256))), later()).await.unwrap();
    let mut weights = Vec::new();
    for key in server.ask(&["KEYS", "*"]).unwrap().lines() {
        weights.push(server.ask(&["MEMORY", "USAGE", key]).unwrap().trim().parse::<u32>().unwrap());
    }
    weights.sort_unstable();
    assert_eq!(weights.len(), 3);
    println!("bytes of an abandoned login, by what is known of it: {weights:?}");
    assert!(weights.iter().all(|&bytes| bytes <= 600), "{weights:?}");
}

#[tokio::test]
async fn who_waits_costs_redis_nothing() {
    let (server, store) = server().await;
    let commands = || {
        let stats = server.ask(&["INFO", "stats"]).unwrap();
        let line = stats.lines().find_map(|line| line.strip_prefix("total_commands_processed:")).unwrap();
        line.parse::<u64>().unwrap()
    };
    assert!(store.is_listening());
    let before = commands();
    let mut waiters = Vec::new();
    for number in 0..1000 {
        waiters.push(store.subscribe(login(number)).await.unwrap());
    }
    let mut waits: Vec<_> =
        waiters.iter_mut().map(|waiter| waiter.woken(Duration::from_millis(300))).collect();
    futures_util::future::join_all(waits.drain(..)).await;
    drop(waits);
    drop(waiters);
    assert_eq!(commands() - before, 1, "the one that asks");
}

#[tokio::test]
async fn a_node_is_woken_by_another_even_after_its_subscription_was_cut() {
    let (server, here) = server().await;
    let there = store_with(&server.url(), "t:").await;
    let id = login(1);
    for version in 2..7 {
        let mut waiter = there.subscribe(id).await.unwrap();
        server.ask(&["CLIENT", "KILL", "TYPE", "pubsub"]).unwrap();
        here.publish(&outcome(id, version), later()).await.unwrap();
        let (late, ()) = timed(waiter.woken(LONG)).await;
        println!("woken after {late:?}");
        assert!(late < Duration::from_secs(3), "{late:?}");
        until_it_works(|| async { there.is_listening().then_some(()).ok_or(()) }).await;
    }
}

#[tokio::test]
async fn a_server_that_comes_back_empty_is_used_again() {
    let (mut server, store) = server().await;
    for number in 0..3 {
        use_everything(&store, 100 + number).await;
        let id = login(number);
        store.publish(&outcome(id, 2), later()).await.unwrap();
        let mut waiter = store.subscribe(id).await.unwrap();
        server.restart().unwrap();
        let (healed, entry) = timed(until_it_works(|| store.read(id))).await;
        println!("reads again after {healed:?}");
        assert_eq!(entry, BoardEntry::Absent);
        let (late, ()) = timed(waiter.woken(LONG)).await;
        assert!(
            late < Duration::from_secs(3),
            "everybody looks again once the subscription is back: {late:?}"
        );
        use_everything(&store, 200 + number).await;
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up_at_once_after_a_while() {
    let (server, store) = server().await;
    let process = server.process().unwrap();
    process.pause().unwrap();
    for _ in 0..3 {
        let (took, answer) = timed(store.read(login(1))).await;
        assert!(matches!(answer, Err(StoreError::Unavailable(_))));
        println!("unavailable after {took:?}");
        assert!((200..500).contains(&took.as_millis()), "{took:?}");
    }
    let (took, answers) = timed(futures_util::future::join_all((0..100).map(|n| store.read(login(n))))).await;
    assert!(answers.iter().all(Result::is_err));
    println!("100 times unavailable after {took:?}");
    assert!(took < Duration::from_millis(100), "{took:?}");
    process.resume().unwrap();
    let (healed, _) = timed(until_it_works(|| store.read(login(1)))).await;
    println!("works again after {healed:?}");
    assert!(healed < Duration::from_secs(2), "{healed:?}");
}

#[tokio::test]
async fn a_server_that_is_gone_is_no_reason_not_to_start() {
    let (mut server, before) = server().await;
    server.kill();
    let (took, store) = timed(store_with(&server.url(), "t:")).await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    for store in [&before, &store] {
        assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
        assert!(!store.is_listening());
    }
    let mut waiter = store.subscribe(login(1)).await.unwrap();
    server.restart().unwrap();
    waiter.woken(LONG).await;
    until_it_works(|| store.ping()).await;
    assert!(store.is_listening());
}

#[tokio::test]
async fn a_full_server_never_lets_an_old_state_stand() {
    let (server, store) = server().await;
    let (id, other) = (login(1), login(2));
    store.open(id, Some(context(BROWSER)), later()).await.unwrap();
    store.publish(&outcome(other, 2), later()).await.unwrap();
    let mut waiter = store.subscribe(id).await.unwrap();
    server.ask(&["CONFIG", "SET", "maxmemory", "1"]).unwrap();

    let full = store.publish(&outcome(id, 2), later()).await;
    assert!(matches!(&full, Err(StoreError::Unavailable(reason)) if reason.contains("OOM")), "{full:?}");
    let (late, ()) = timed(waiter.woken(LONG)).await;
    assert!(late < Duration::from_secs(1), "{late:?}");
    assert_eq!(store.read(id).await, Ok(BoardEntry::Absent), "only the database knows");
    assert_eq!(store.read(other).await, Ok(BoardEntry::Outcome(outcome(other, 2))));
    for _ in 0..5 {
        assert!(store.open(login(3), None, later()).await.is_err());
        assert!(store.take(&window(), RealTime.now()).await.is_err(), "not counted is not allowed");
    }
    server.ask(&["CONFIG", "SET", "maxmemory", "0"]).unwrap();
    use_everything(&store, 4).await;
}

#[tokio::test]
async fn a_full_server_never_lets_the_copy_of_an_ended_session_stand() {
    let (server, store) = server().await;
    let store: &dyn ports::SessionCopies = &store;
    let (now, hashes) = (RealTime.now(), [token_hash(1), token_hash(2)]);
    for hash in &hashes {
        store.put(hash, &known_session(1, now), now.plus(SessionCopy::LIVES)).await.unwrap();
    }
    server.ask(&["CONFIG", "SET", "maxmemory", "1"]).unwrap();
    let full = store.end(&hashes[..1], later()).await;
    assert!(matches!(&full, Err(StoreError::Unavailable(reason)) if reason.contains("OOM")), "{full:?}");
    assert!(store.refresh(&hashes[1], later()).await.is_err());
    for hash in &hashes {
        assert_eq!(store.read(hash).await, Ok(None), "only the database knows");
    }
    server.ask(&["CONFIG", "SET", "maxmemory", "0"]).unwrap();
    store.end(&hashes, later()).await.unwrap();
    assert_eq!(store.read(&hashes[0]).await, Ok(Some(SessionCopy::Ended)));
}

#[tokio::test]
async fn a_session_of_another_version_is_absent_and_left_in_place_until_it_ends() {
    let (server, store) = server().await;
    let store: &dyn ports::SessionCopies = &store;
    let (now, hash) = (RealTime.now(), token_hash(1));
    store.end(&[hash], later()).await.unwrap();
    let key = server.ask(&["KEYS", "t:session:*"]).unwrap();
    server.ask(&["SET", key.trim(), "2 l 1 [new]", "KEEPTTL"]).unwrap();
    assert_eq!(store.read(&hash).await, Ok(None));
    store.put(&hash, &known_session(1, now), later()).await.unwrap();
    store.refresh(&hash, later()).await.unwrap();
    assert_eq!(server.ask(&["GET", key.trim()]).unwrap().trim(), "2 l 1 [new]");
    store.end(&[hash], later()).await.unwrap();
    assert_eq!(store.read(&hash).await, Ok(Some(SessionCopy::Ended)));
}

#[tokio::test]
async fn the_copy_of_a_session_with_two_identities_weighs_1300_bytes_at_the_most() {
    let (server, store) = server().await;
    let store: &dyn ports::SessionCopies = &store;
    let (now, mut live) = (RealTime.now(), known_session(1, RealTime.now()));
    live.session.holder.browser = BROWSER.to_owned();
    live.conflicts.clear();
    store.put(&token_hash(1), &live, now.plus(SessionCopy::LIVES)).await.unwrap();
    store.end(&[token_hash(2)], now.plus(SessionCopy::END_LIVES)).await.unwrap();
    let mut weights = Vec::new();
    for key in server.ask(&["KEYS", "*"]).unwrap().lines() {
        weights.push(server.ask(&["MEMORY", "USAGE", key]).unwrap().trim().parse::<u32>().unwrap());
    }
    weights.sort_unstable();
    println!("bytes of an end and of a copy: {weights:?}");
    assert!(weights[0] <= 200 && weights[1] <= 1300, "{weights:?}");
}

#[tokio::test]
async fn an_entry_of_another_version_is_absent_and_overwritten() {
    let (server, store) = server().await;
    let id = login(1);
    let key = format!("t:{{{id}}}");
    server.ask(&["SET", &key, "2 9999999999999 7 new state\ncontext"]).unwrap();
    assert_eq!(store.read(id).await, Ok(BoardEntry::Absent));
    assert_eq!(store.context(id).await, Ok(None));
    store.publish(&outcome(id, 2), later()).await.unwrap();
    assert_eq!(store.read(id).await, Ok(BoardEntry::Outcome(outcome(id, 2))));
}

#[tokio::test]
async fn a_user_needs_no_more_than_is_documented() {
    let server = RedisServer::start(&[]).unwrap();
    server.ask(&restricted_user("saoma", &[])).unwrap();
    server.ask(&["CONFIG", "SET", "requirepass", "secret"]).unwrap();

    let address = server.url().replace("redis://", "");
    let store = store_with(&format!("redis://saoma:p%3Aw%2F@{address}"), "t:").await;
    store.ping().await.unwrap();
    assert!(store.is_listening());
    use_everything(&store, 1).await;
    let by_password = store_with(&format!("redis://:secret@{address}/3"), "t:").await;
    use_everything(&by_password, 2).await;

    let wrong = store_with(&format!("redis://saoma:wrong@{address}"), "t:").await;
    let refused = wrong.ping().await.unwrap_err().to_string();
    assert!(!refused.contains("wrong") && !refused.contains(&address), "{refused}");
    let foreign = store_with(&format!("redis://saoma:p%3Aw%2F@{address}"), "foreign:").await;
    assert!(foreign.open(login(1), None, later()).await.is_err());
}
