//! How much memory of Redis an entry takes.

use saoma_contract::values::{known_session, longest_context, new_identity_id, token_hash};
use saoma_domain::{
    login::{Login, LoginState},
    ports::{CachedSession, Clock, LoginCache, SessionCache},
};
use saoma_servers::RedisServer;

use crate::{
    stage::{WECHAT, context, server, weights},
    support::{RealTime, later, login, store_with},
};

#[tokio::test]
async fn a_waiting_login_weighs_600_bytes_at_most_whatever_its_client_sent() {
    let server = RedisServer::start(&[]).unwrap();
    let store = store_with(&server.url(), "saoma:").await;
    let texts = ["🦀", "\"", "\\", "x"];
    let contexts = [None, Some(context())].into_iter().chain(texts.map(|text| Some(longest_context(text))));
    let logins: Vec<_> = (1..).zip(contexts).map(|(number, context)| (login(number), context)).collect();
    for (id, context) in &logins {
        store.open(*id, context.clone(), later()).await.unwrap();
    }
    println!("bytes of a login that waits for its scan: {:?}", weights(&server));
    assert!(weights(&server).iter().all(|&bytes| bytes <= 600), "{:?}", weights(&server));
    for (id, _) in &logins {
        let state =
            LoginState::Unregistered { identity: Some(new_identity_id(RealTime.now())), deadline: later() };
        store.publish(&Login { id: *id, version: 2, state }, later()).await.unwrap();
    }
    assert_eq!(weights(&server).len(), logins.len());
    println!("bytes of a login that waits for a phone number: {:?}", weights(&server));
    assert!(weights(&server).iter().all(|&bytes| bytes <= 600), "{:?}", weights(&server));
}

#[tokio::test]
async fn a_session_with_two_identities_weighs_1000_bytes_at_most() {
    let (server, store) = server().await;
    let (now, mut live) = (RealTime.now(), known_session(1, RealTime.now()));
    live.session.client_info.user_agent = WECHAT.to_owned();
    live.conflicts.clear();
    SessionCache::put(&*store, &token_hash(1), &live, now, now.plus(CachedSession::TTL)).await.unwrap();
    store.mark_ended(&[token_hash(2)], now.plus(CachedSession::ENDED_TTL)).await.unwrap();
    let weights = weights(&server);
    println!("bytes of the end of a session and of a live one: {weights:?}");
    assert!(weights[0] <= 200 && weights[1] <= 1000, "{weights:?}");
}
