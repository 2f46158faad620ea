//! A primary that dies.

use std::time::Duration;

use saoma_domain::ports::{CachedLogin, Health, LoginCache};
use saoma_servers::RedisSentinel;

use crate::support::{later, login, outcome, restricted_user, store_with, timed, until_it_works};

#[tokio::test]
async fn sentinels_with_a_password_name_each_primary_to_who_has_it() {
    let mut servers = RedisSentinel::start_with_password("default").unwrap();
    let rights = ["+sentinel|masters", "+role"];
    let user = [&["ACL", "SETUSER", "saoma", "on", ">s&w/"], &rights[..]].concat();
    servers.tell_sentinels(&user).unwrap();
    let with = |query: &str| format!("{}{query}", servers.url());
    let by_user = store_with(&with("?sentinel_user=saoma&sentinel_password=s%26w%2F"), "t:").await;
    let by_password = store_with(&with("?sentinel_password=default"), "t:").await;
    for store in [&by_user, &by_password] {
        store.ping().await.unwrap();
        assert!(store.is_listening());
    }
    for query in ["", "?sentinel_password=wrong", "?sentinel_user=saoma&sentinel_password=default"] {
        let refused = store_with(&with(query), "t:").await.ping().await.unwrap_err().to_string();
        assert!(!refused.contains("wrong") && !refused.contains("default"), "{refused}");
    }

    servers.servers()[0].kill();
    let id = login(1);
    let second = outcome(id, 2);
    until_it_works(|| by_user.publish(&second, later())).await;
    until_it_works(|| by_password.ping()).await;
    assert_eq!(by_password.read(id).await, Ok(CachedLogin::Outcome(second)));
}

#[tokio::test]
async fn a_primary_that_dies_is_replaced_and_notifications_go_on() {
    let mut servers = RedisSentinel::start().unwrap();
    for server in servers.servers() {
        server.ask(&restricted_user("saoma", &["+role"])).unwrap();
    }
    let url = servers.url().replace("://", "://saoma:p%3Aw%2F@");
    let [here, there] = [store_with(&url, "t:").await, store_with(&url, "t:").await];
    let id = login(1);
    here.open(id, None, later()).await.unwrap();
    let mut client = there.subscribe(id).await.unwrap();

    servers.servers()[0].kill();
    let second = outcome(id, 2);
    let (away, ()) = timed(until_it_works(|| here.publish(&second, later()))).await;
    let (late, _) = timed(client.notified(Duration::from_secs(10))).await;
    println!("writes work again after {away:?}, the client was notified {late:?} later");
    until_it_works(|| there.ping()).await;
    assert_eq!(there.read(id).await, Ok(CachedLogin::Outcome(second)));
    assert!(late < Duration::from_secs(3), "{late:?}");

    let mut client = there.subscribe(id).await.unwrap();
    until_it_works(|| async { there.is_listening().then_some(()).ok_or(()) }).await;
    here.publish(&outcome(id, 3), later()).await.unwrap();
    let (late, _) = timed(client.notified(Duration::from_secs(10))).await;
    assert!(late < Duration::from_secs(1), "{late:?}");
}
