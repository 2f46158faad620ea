//! How many commands one use costs.

use std::time::Duration;

use saoma_contract::values::{known_session, proof, token_hash};
use saoma_domain::{
    ports::{AccessTokens, CachedSession, Clock, Limits, LoginCache, SessionCache, SessionKeys, SmsCodes},
    sms::SmsCodeDigest,
};

use crate::{
    stage::{commands, context, server, use_everything, window},
    support::{RealTime, later, login, outcome},
};

/// Counts the commands of some work; `INFO`, which counts them, is one of them.
macro_rules! assert_costs {
    ($server:ident, $expected:literal, $work:expr) => {
        let before = commands(&$server);
        assert!($work.await.is_ok());
        assert_eq!(commands(&$server) - before, 1 + $expected, stringify!($work));
    };
}

/// Redis counts the commands of a script as well: they are in the figures, and cost no round trip.
#[tokio::test]
async fn each_use_is_one_request() {
    let (server, store) = server().await;
    let (id, now) = (login(2), RealTime.now());
    let (hash, live) = (token_hash(2), known_session(2, now));
    // The first use of a script sends it twice.
    use_everything(&store, 1).await;
    store.invalidate(&[token_hash(1)], later()).await.unwrap();
    let digest = || SmsCodeDigest { number: [1; 16], code: proof(1).0 };
    let soon = now.plus(Duration::from_secs(3));

    // A limit is read and written.
    assert_costs!(server, 3, Limits::take(&*store, &window(), now));
    assert_costs!(server, 3, store.open(id, Some(context()), later()));
    assert_costs!(server, 1, LoginCache::read(&*store, id));
    assert_costs!(server, 1, store.context(id));
    // The entry is read, its lifetime too, then it is written and published.
    assert_costs!(server, 4, store.publish(&outcome(id, 2), later()));

    assert_costs!(server, 1, SmsCodes::put(&*store, id, digest(), 5, later()));
    assert_costs!(server, 3, store.attempt(id, digest(), now));
    assert_costs!(server, 1, SessionKeys::put(&*store, id, vec![1], later()));
    assert_costs!(server, 1, store.find(id, now));
    assert_costs!(server, 1, SessionKeys::forget(&*store, id));

    assert_costs!(server, 1, SessionCache::put(&*store, &hash, &live, now, now.plus(CachedSession::TTL)));
    assert_costs!(server, 1, SessionCache::read(&*store, &hash));
    // The entry is written and the session published.
    assert_costs!(server, 4, store.invalidate(&[hash], soon));
    assert_costs!(server, 3, store.mark_ended(&[hash], soon));

    assert_costs!(server, 1, AccessTokens::read(&*store, "wx0002"));
    assert_costs!(server, 1, store.try_acquire("wx0002", soon));
    assert_costs!(server, 3, AccessTokens::put(&*store, "wx0002", b"sealed", later()));
    assert_costs!(server, 3, AccessTokens::forget(&*store, "wx0002", b"sealed"));
}

#[tokio::test]
async fn a_waiting_client_costs_redis_nothing() {
    let (server, store) = server().await;
    assert!(store.is_listening());
    let before = commands(&server);
    let mut clients = Vec::new();
    for number in 0..1000 {
        clients.push(store.subscribe(login(number)).await.unwrap());
    }
    let mut waits: Vec<_> =
        clients.iter_mut().map(|client| client.notified(Duration::from_millis(300))).collect();
    futures_util::future::join_all(waits.drain(..)).await;
    drop(waits);
    drop(clients);
    assert_eq!(commands(&server) - before, 1, "`INFO` itself");
}
