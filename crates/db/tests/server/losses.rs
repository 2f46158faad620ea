//! A server that goes away while it is used, and comes back.

use std::time::Duration;

use saoma_contract::{
    all_at_once,
    values::{login, scan},
};
use saoma_domain::ports::{Health, Logins, StoreError};

use super::{Kind, Own, empty, opened, proxy::Proxy};

/// Starts a server that keeps what it has acknowledged when it is killed.
async fn start<K: Kind>() -> (K::Own, K::Store) {
    let server = K::start(&[], &[]).await;
    let database = opened::<K>(&server.url()).await;
    (server, database)
}

/// Fills the pool with connections.
async fn warm<D: Health + Clone + 'static>(database: &D) {
    let pings = (0..16).map(|_| {
        let database = database.clone();
        async move { database.ping().await }
    });
    for pong in all_at_once(pings).await {
        assert_eq!(pong, Ok(()));
    }
}

pub(crate) async fn what_was_acknowledged_outlives_the_server<K: Kind>() {
    let (mut server, database) = start::<K>().await;
    for number in 0..20 {
        database.take_scan(scan(login(number), &format!("oPerson{number}"))).await.unwrap();
    }
    server.restart().await;
    for number in 0..20 {
        assert!(Logins::find(&database, login(number)).await.unwrap().is_some(), "scan {number} is lost");
    }
}

pub(crate) async fn a_restart_between_two_calls_is_not_noticed<K: Kind>() {
    let (mut server, database) = start::<K>().await;
    warm(&database).await;
    server.restart().await;
    let scans = (0..16).map(|number| {
        let database = database.clone();
        async move { database.take_scan(scan(login(number), &format!("oPerson{number}"))).await }
    });
    for taken in all_at_once(scans).await {
        assert!(taken.is_ok(), "{taken:?}");
    }
}

pub(crate) async fn connections_that_have_gone_silent_are_given_up_and_replaced<K: Kind>() {
    let url = empty::<K>().await;
    drop(opened::<K>(&url).await);
    let proxy = Proxy::before(&url).await;
    let database = K::connect(&proxy.url).await.unwrap();
    warm(&database).await;
    proxy.silence();
    let asked = database.take_scan(scan(login(1), "oAnna"));
    let taken = tokio::time::timeout(Duration::from_secs(4), asked).await.expect("an answer comes soon");
    assert!(matches!(taken, Err(StoreError::Unavailable(_))), "{taken:?}");
    for number in 2..20 {
        let taken = database.take_scan(scan(login(number), &format!("oPerson{number}"))).await;
        assert!(taken.is_ok(), "{taken:?}");
    }
}

pub(crate) async fn callers_during_an_outage_are_told_and_later_ones_are_served<K: Kind>() {
    let (mut server, database) = start::<K>().await;
    warm(&database).await;
    server.kill();
    for number in 0..4 {
        let asked = database.take_scan(scan(login(number), "oAnna"));
        let taken = tokio::time::timeout(Duration::from_secs(3), asked).await.expect("an answer comes soon");
        let Err(StoreError::Unavailable(text)) = taken else { panic!("not an outage: {taken:?}") };
        assert!(text.starts_with("database ") && text.contains("://127.0.0.1:"), "{text}");
        assert!(!text.contains('@'), "{text}");
    }
    server.restart().await;
    assert!(database.take_scan(scan(login(1), "oAnna")).await.is_ok());
}
