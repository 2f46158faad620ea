//! A server that dies, and slots that move.

use std::time::Duration;

use saoma_domain::ports::{CachedLogin, LoginCache};
use saoma_servers::RedisCluster;

use crate::support::{later, login, outcome, restricted_user, store_with, timed, until_it_works};

const LOGINS: u64 = 30;

#[tokio::test]
async fn a_server_that_dies_is_replaced_and_notifications_go_on() {
    let mut cluster = RedisCluster::start().unwrap();
    for server in cluster.nodes() {
        server.ask(&restricted_user("saoma", &["+cluster|slots"])).unwrap();
    }
    let url = cluster.url().replace("://", "://saoma:p%3Aw%2F@");
    let [here, there] = [store_with(&url, "t:").await, store_with(&url, "t:").await];
    // The first server has a third of the logins, and the subscriptions of both nodes.
    cluster.nodes()[0].kill();
    let mut slowest = Duration::ZERO;
    for number in 0..LOGINS {
        let id = login(number);
        let mut client = there.subscribe(id).await.unwrap();
        let second = outcome(id, 2);
        let (away, ()) = timed(until_it_works(|| here.publish(&second, later()))).await;
        slowest = slowest.max(away);
        // Notified by the publication, or because the subscription is back.
        let (late, _) = timed(client.notified(Duration::from_secs(10))).await;
        assert!(late < Duration::from_secs(3), "{number}: {late:?}");
    }
    println!("the slowest of {LOGINS} publications worked after {slowest:?}");
    assert!(slowest < Duration::from_secs(10));
}

#[tokio::test]
async fn a_slot_that_moves_takes_its_logins_along() {
    let mut cluster = RedisCluster::start().unwrap();
    let store = store_with(&cluster.url(), "t:").await;
    let id = login(1);
    let key = format!("t:login:{{{id}}}");
    store.publish(&outcome(id, 2), later()).await.unwrap();

    let primaries = &cluster.nodes()[..3];
    let slot = primaries[0].ask(&["CLUSTER", "KEYSLOT", &key]).unwrap();
    let slot = slot.trim();
    let ids = primaries.iter().map(|node| node.ask(&["CLUSTER", "MYID"]).unwrap().trim().to_owned());
    let ids: Vec<_> = ids.collect();
    // The other servers answer that it has moved.
    let from = primaries.iter().position(|node| node.ask(&["EXISTS", &key]).is_ok()).unwrap();
    let to = (from + 1) % 3;
    primaries[to].ask(&["CLUSTER", "SETSLOT", slot, "IMPORTING", &ids[from]]).unwrap();
    primaries[from].ask(&["CLUSTER", "SETSLOT", slot, "MIGRATING", &ids[to]]).unwrap();
    assert_eq!(store.read(id).await, Ok(CachedLogin::Outcome(outcome(id, 2))));

    let port = primaries[to].port().to_string();
    primaries[from].ask(&["MIGRATE", "127.0.0.1", &port, &key, "0", "5000"]).unwrap();
    assert_eq!(store.read(id).await, Ok(CachedLogin::Outcome(outcome(id, 2))));
    store.publish(&outcome(id, 3), later()).await.unwrap();
    assert_eq!(store.read(id).await, Ok(CachedLogin::Outcome(outcome(id, 3))));

    for node in [to, from, (to + 1) % 3] {
        primaries[node].ask(&["CLUSTER", "SETSLOT", slot, "NODE", &ids[to]]).unwrap();
    }
    store.publish(&outcome(id, 4), later()).await.unwrap();
    assert_eq!(store.read(id).await, Ok(CachedLogin::Outcome(outcome(id, 4))));
}
