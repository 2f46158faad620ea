//! What a user of Redis may do, and what an operator is told.

use saoma_domain::ports::{Health, LoginCache};
use saoma_servers::RedisServer;

use crate::{
    stage::use_everything,
    support::{later, login, restricted_user, store_with},
};

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
    assert!(refused.contains(&format!("redis {address}: ")) && !refused.contains("wrong"), "{refused}");
    let foreign = store_with(&format!("redis://saoma:p%3Aw%2F@{address}"), "foreign:").await;
    assert!(foreign.open(login(1), None, later()).await.is_err());
}

#[tokio::test]
async fn an_error_names_address_and_cause_and_no_password() {
    let mut server = RedisServer::start(&[]).unwrap();
    let address = server.url().replace("redis://", "");
    let store = store_with(&format!("redis://:secret@{address}"), "t:").await;
    server.kill();
    let refused = store.ping().await.unwrap_err().to_string();
    let expected = format!("the store is unavailable: redis {address}: Connection refused (os error 111)");
    assert_eq!(refused, expected);
}
