//! Servers that are cut off, emptied, stopped and full: each case has one of its own.

use std::time::Duration;

use saoma_contract::values::{known_session, token_hash};
use saoma_domain::ports::{self, CachedLogin, CachedSession, Clock, Health, Limits, LoginCache, StoreError};
use saoma_servers::RedisServer;

use crate::{
    stage::{LONG, context, server, use_everything, window},
    support::{RealTime, later, login, outcome, store_with, timed, until_it_works},
};

#[tokio::test]
async fn scripts_that_are_forgotten_are_sent_again() {
    let (server, store) = server().await;
    for number in 0..20 {
        server.ask(&["SCRIPT", "FLUSH"]).unwrap();
        use_everything(&store, number).await;
    }
}

#[tokio::test]
async fn every_key_expires() {
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
async fn a_node_is_notified_by_another_even_after_its_subscription_was_cut() {
    let (server, here) = server().await;
    let there = store_with(&server.url(), "t:").await;
    let id = login(1);
    for version in 2..7 {
        let mut client = there.subscribe(id).await.unwrap();
        server.ask(&["CLIENT", "KILL", "TYPE", "pubsub"]).unwrap();
        here.publish(&outcome(id, version), later()).await.unwrap();
        let (late, _) = timed(client.notified(LONG)).await;
        println!("notified after {late:?}");
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
        let mut client = store.subscribe(id).await.unwrap();
        server.restart().unwrap();
        let (healed, entry) = timed(until_it_works(|| store.read(id))).await;
        println!("reads again after {healed:?}");
        assert_eq!(entry, CachedLogin::Absent);
        let (late, _) = timed(client.notified(LONG)).await;
        assert!(
            late < Duration::from_secs(3),
            "every client is notified once the subscription is back: {late:?}"
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
    let mut client = store.subscribe(login(1)).await.unwrap();
    server.restart().unwrap();
    client.notified(LONG).await;
    until_it_works(|| store.ping()).await;
    assert!(store.is_listening());
}

#[tokio::test]
async fn a_full_server_never_keeps_an_old_state() {
    let (server, store) = server().await;
    let (id, other) = (login(1), login(2));
    store.open(id, Some(context()), later()).await.unwrap();
    store.publish(&outcome(other, 2), later()).await.unwrap();
    let mut client = store.subscribe(id).await.unwrap();
    server.ask(&["CONFIG", "SET", "maxmemory", "1"]).unwrap();

    let full = store.publish(&outcome(id, 2), later()).await;
    assert!(matches!(&full, Err(StoreError::Unavailable(reason)) if reason.contains("OOM")), "{full:?}");
    let (late, _) = timed(client.notified(LONG)).await;
    assert!(late < Duration::from_secs(1), "{late:?}");
    assert_eq!(store.read(id).await, Ok(CachedLogin::Absent), "only the database knows");
    assert_eq!(store.read(other).await, Ok(CachedLogin::Outcome(outcome(other, 2))));
    for _ in 0..5 {
        assert!(store.open(login(3), None, later()).await.is_err());
        assert!(
            store.take(&window(), RealTime.now()).await.is_err(),
            "a use that is not counted is not allowed"
        );
    }
    server.ask(&["CONFIG", "SET", "maxmemory", "0"]).unwrap();
    use_everything(&store, 4).await;
}

#[tokio::test]
async fn a_full_server_never_keeps_an_ended_session() {
    let (server, store) = server().await;
    let store: &dyn ports::SessionCache = &*store;
    let (now, hashes) = (RealTime.now(), [token_hash(1)]);
    for hash in &hashes {
        store.put(hash, &known_session(1, now), now, now.plus(CachedSession::TTL)).await.unwrap();
    }
    server.ask(&["CONFIG", "SET", "maxmemory", "1"]).unwrap();
    let full = store.mark_ended(&hashes, later()).await;
    assert!(matches!(&full, Err(StoreError::Unavailable(reason)) if reason.contains("OOM")), "{full:?}");
    assert_eq!(store.read(&hashes[0]).await, Ok(None), "only the database knows");
    server.ask(&["CONFIG", "SET", "maxmemory", "0"]).unwrap();
    store.mark_ended(&hashes, later()).await.unwrap();
    assert_eq!(store.read(&hashes[0]).await, Ok(Some(CachedSession::Ended)));
}

/// Makes a server the replica of another one, which has its data.
fn demote(server: &RedisServer, successor: &RedisServer) {
    let [from, to] = [server, successor].map(|server| server.url().rsplit_once(':').unwrap().1.to_owned());
    successor.ask(&["REPLICAOF", "127.0.0.1", &from]).unwrap();
    while !successor.ask(&["INFO", "replication"]).unwrap().contains("master_link_status:up") {}
    successor.ask(&["REPLICAOF", "NO", "ONE"]).unwrap();
    server.ask(&["REPLICAOF", "127.0.0.1", &to]).unwrap();
}

fn connections(server: &RedisServer) -> u64 {
    let stats = server.ask(&["INFO", "stats"]).unwrap();
    let count = stats.lines().find_map(|line| line.strip_prefix("total_connections_received:")).unwrap();
    count.parse().unwrap()
}

#[tokio::test]
async fn a_server_that_became_a_replica_is_not_believed_until_it_takes_writes() {
    let (server, store) = server().await;
    let (quiet, successor) = (store_with(&server.url(), "t:").await, RedisServer::start(&[]).unwrap());
    let (id, hash, now) = (login(1), token_hash(1), RealTime.now());
    store.open(id, Some(context()), later()).await.unwrap();
    let live = known_session(1, now);
    ports::SessionCache::put(&*store, &hash, &live, now, now.plus(CachedSession::TTL)).await.unwrap();
    demote(&server, &successor);

    let refused = store.publish(&outcome(id, 2), later()).await.unwrap_err().to_string();
    let address = server.url().replace("redis://", "");
    assert!(refused.contains(&format!("redis {address}: ")) && refused.contains("READONLY"), "{refused}");
    // The counting command is a connection itself.
    let before = connections(&server);
    assert!(quiet.ping().await.is_err() && store.ping().await.is_err(), "it cannot serve");
    assert!(connections(&server) > before + 1, "the connection was replaced");
    for node in [&store, &quiet] {
        assert!(LoginCache::read(&**node, id).await.is_err(), "it still says that the login is open");
        assert!(node.context(id).await.is_err());
        assert!(ports::SessionCache::read(&**node, &hash).await.is_err());
    }

    server.ask(&["REPLICAOF", "NO", "ONE"]).unwrap();
    until_it_works(|| store.ping()).await;
    store.publish(&outcome(id, 2), later()).await.unwrap();
    assert_eq!(LoginCache::read(&*store, id).await, Ok(CachedLogin::Outcome(outcome(id, 2))));
}
