//! A node that dies.

use std::time::Duration;

use saoma_domain::ports::{Board, Wakeups};
use saoma_servers::RedisCluster;

use crate::support::{later, login, outcome, restricted_user, store_with, timed, until_it_works};

const LOGINS: u64 = 30;

#[tokio::test]
async fn a_node_that_dies_is_replaced_and_wake_ups_go_on() {
    let mut cluster = RedisCluster::start().unwrap();
    for server in cluster.nodes() {
        server.ask(&restricted_user("saoma", &["+cluster|slots"])).unwrap();
    }
    let url = cluster.url().replace("://", "://saoma:p%3Aw%2F@");
    let [here, there] = [store_with(&url, "t:").await, store_with(&url, "t:").await];
    // The first node has a third of the logins, and both subscriptions.
    cluster.nodes()[0].stop();
    let mut slowest = Duration::ZERO;
    for number in 0..LOGINS {
        let id = login(number);
        let mut waiter = there.subscribe(id).await.unwrap();
        let second = outcome(id, 2);
        let (away, ()) = timed(until_it_works(|| here.publish(&second, later()))).await;
        slowest = slowest.max(away);
        // Rung by the publication, or because the subscription is back.
        let (late, ()) = timed(waiter.woken(Duration::from_secs(10))).await;
        assert!(late < Duration::from_secs(3), "{number}: {late:?}");
    }
    println!("the slowest of {LOGINS} publications worked after {slowest:?}");
    assert!(slowest < Duration::from_secs(10));
}
