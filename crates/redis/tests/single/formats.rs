//! Entries that another version of Saoma wrote.

use saoma_contract::values::{known_session, token_hash};
use saoma_domain::ports::{self, CachedLogin, CachedSession, Clock, LoginCache};

use crate::{
    stage::server,
    support::{RealTime, later, login, outcome},
};

#[tokio::test]
async fn a_login_of_another_format_is_absent_and_overwritten() {
    let (server, store) = server().await;
    let id = login(1);
    let key = format!("t:login:{{{id}}}");
    server.ask(&["SET", &key, "3 9999999999999 7 new state\ncontext"]).unwrap();
    assert_eq!(store.read(id).await, Ok(CachedLogin::Absent));
    assert_eq!(store.context(id).await, Ok(None));
    store.publish(&outcome(id, 2), later()).await.unwrap();
    assert_eq!(store.read(id).await, Ok(CachedLogin::Outcome(outcome(id, 2))));
}

#[tokio::test]
async fn a_session_of_another_format_is_absent_and_left_in_place_until_it_ends() {
    let (server, store) = server().await;
    let store: &dyn ports::SessionCache = &*store;
    let (now, hash) = (RealTime.now(), token_hash(1));
    store.mark_ended(&[hash], later()).await.unwrap();
    let key = server.ask(&["KEYS", "t:session:*"]).unwrap();
    server.ask(&["SET", key.trim(), "3l[new]", "KEEPTTL"]).unwrap();
    assert_eq!(store.read(&hash).await, Ok(None));
    store.put(&hash, &known_session(1, now), now, later()).await.unwrap();
    assert_eq!(server.ask(&["GET", key.trim()]).unwrap().trim(), "3l[new]");
    store.mark_ended(&[hash], later()).await.unwrap();
    assert_eq!(store.read(&hash).await, Ok(Some(CachedSession::Ended)));
}
