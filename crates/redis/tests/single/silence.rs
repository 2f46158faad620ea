//! A subscription whose connection is open, and on which nothing arrives any more.

use std::time::Duration;

use saoma_domain::ports::LoginCache;
use saoma_servers::{Direction, Fault, FaultProxy, RedisServer};

use crate::support::{later, login, outcome, store_with, timed, until_it_works};

#[tokio::test]
async fn a_subscription_on_which_nothing_arrives_is_replaced() {
    let server = RedisServer::start(&[]).unwrap();
    let proxy = FaultProxy::before(server.port()).unwrap();
    let over = proxy.instead_of(&server.url());
    let [here, there] = [store_with(&server.url(), "t:").await, store_with(&over, "t:").await];
    let id = login(1);
    let mut client = there.subscribe(id).await.unwrap();
    proxy.set(Direction::ToClient, Fault::BlackHole);

    here.publish(&outcome(id, 2), later()).await.unwrap();
    // Nothing arrives on the connection for requests either; it is replaced when a request fails.
    assert!(there.read(id).await.is_err());
    proxy.heal().await;
    until_it_works(|| there.read(id)).await;
    let (late, _) = timed(client.notified(Duration::from_secs(20))).await;
    println!("the subscription was replaced after {late:?}");
    assert!(late < Duration::from_secs(10), "{late:?}");

    here.publish(&outcome(id, 3), later()).await.unwrap();
    let (late, _) = timed(client.notified(Duration::from_secs(20))).await;
    assert!(late < Duration::from_secs(1), "{late:?}");
}
