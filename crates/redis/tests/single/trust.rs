//! What lies in Redis shows no person, and what others write there is not believed.

use saoma_contract::values::{app, known_session, message_code, new_account_id, token_hash};
use saoma_domain::{
    keys::{KeyRing, ServerKey},
    login::{Login, LoginScene, LoginState, ScenePurpose},
    ports::{CachedLogin, CachedSession, Clock, LoginCache, MessageCodes, SessionCache},
};
use saoma_servers::RedisServer;

use crate::{
    stage::{context, server, use_everything},
    support::{RealTime, later, login, store_with_keys},
};

fn ring(numbers: &[u8]) -> KeyRing {
    let mut keys = numbers.iter().map(|number| ServerKey::new([*number; 32]));
    KeyRing::new(keys.next().unwrap(), keys.collect())
}

/// Returns the scene of a login that the server with the key 7 has issued.
fn scene(number: u64) -> LoginScene {
    LoginScene { purpose: ScenePurpose::default(), id: login(number) }
}

/// Returns all keys and values, with what is no text replaced.
fn dump(server: &RedisServer) -> String {
    let keys = server.ask(&["KEYS", "*"]).unwrap();
    let value = |key| server.ask(&["GET", key]).unwrap();
    keys.lines().map(|key| format!("{key}\n{}\n", value(key))).collect()
}

#[tokio::test]
async fn a_dump_shows_nothing_of_a_person() {
    let (server, store) = server().await;
    let (now, live) = (RealTime.now(), known_session(9, RealTime.now()));
    use_everything(&store, 1).await;
    SessionCache::put(&*store, &token_hash(9), &live, now, now.plus(CachedSession::TTL)).await.unwrap();
    let dump = dump(&server);
    assert!(dump.contains("session:{") && dump.contains("login:{") && dump.contains("limit:"), "{dump}");
    let person =
        ["13800138000", "oLq7Z5kT", "uLq7Z5kT", "Ming", "qlogo", "2001:db8", "Firefox", "iPhone", "main"];
    for canary in person {
        assert!(!dump.contains(canary), "{canary} in {dump}");
    }
}

#[tokio::test]
async fn a_session_that_was_forged_or_moved_is_not_believed() {
    let (server, store) = server().await;
    let store: &dyn SessionCache = &*store;
    let now = RealTime.now();
    store.put(&token_hash(1), &known_session(1, now), now, now.plus(CachedSession::TTL)).await.unwrap();
    let own = server.ask(&["KEYS", "*"]).unwrap().trim().to_owned();
    store.mark_ended(&[token_hash(2)], later()).await.unwrap();
    let keys = server.ask(&["KEYS", "*"]).unwrap();
    let another = keys.lines().find(|key| *key != own).unwrap();
    server.ask(&["COPY", &own, another, "REPLACE"]).unwrap();
    assert_eq!(store.read(&token_hash(2)).await, Ok(None), "the copy of another session");

    let length: usize = server.ask(&["STRLEN", &own]).unwrap().trim().parse().unwrap();
    for place in 0..length {
        let place = place.to_string();
        server.ask(&["COPY", &own, "sound", "REPLACE"]).unwrap();
        let byte = server.ask(&["GETRANGE", &own, &place, &place]).unwrap();
        server.ask(&["SETRANGE", &own, &place, if byte.trim() == "x" { "y" } else { "x" }]).unwrap();
        let read = store.read(&token_hash(1)).await.unwrap();
        assert!(!matches!(read, Some(CachedSession::Live { .. })), "byte {place}");
        server.ask(&["COPY", "sound", &own, "REPLACE"]).unwrap();
    }
    assert!(
        matches!(store.read(&token_hash(1)).await, Ok(Some(CachedSession::Live { .. }))),
        "it is whole again"
    );
}

#[tokio::test]
async fn an_outcome_that_was_forged_or_moved_is_not_believed() {
    let (server, store) = server().await;
    let store: &dyn LoginCache = &*store;
    let registered = |number| {
        let (account, since) = (new_account_id(RealTime.now()), RealTime.now());
        let state = LoginState::Registered { account, since, collect_by: later() };
        Login { id: login(number), version: 2, state }
    };
    let (annas, berts) = (registered(1), registered(2));
    for outcome in [&annas, &berts] {
        store.open(outcome.id, Some(context()), later()).await.unwrap();
        store.publish(outcome, later()).await.unwrap();
    }
    let key = |login: &Login| format!("t:login:{{{}}}", login.id);
    server.ask(&["COPY", &key(&annas), &key(&berts), "REPLACE"]).unwrap();
    assert_eq!(store.read(annas.id).await, Ok(CachedLogin::Outcome(annas.clone())));
    assert_eq!(store.read(berts.id).await, Ok(CachedLogin::Absent));
    assert_eq!(store.context(berts.id).await, Ok(None));
    let clear = format!("1 9999999999999 7 r {} 1 9999999999999\n", new_account_id(RealTime.now()));
    for forged in [clear.as_str(), "2 9999999999999 7 0\n", "2 9999999999999 7 3\nabc"] {
        server.ask(&["SET", &key(&annas), forged]).unwrap();
        assert_eq!(store.read(annas.id).await, Ok(CachedLogin::Absent), "{forged}");
    }
}

#[tokio::test]
async fn the_code_of_a_message_is_not_shown_and_believed_for_its_own_app_and_code_alone() {
    let (server, store) = server().await;
    let store: &dyn MessageCodes = &*store;
    let [one, other] = [1, 2].map(scene);
    let (main, shop, code) = (app("main"), app("shop"), message_code("482913"));
    assert_eq!(store.claim(&main, &code, &one, later()).await, Ok(true));
    let mains = server.ask(&["KEYS", "*"]).unwrap().trim().to_owned();
    let dump = dump(&server);
    for canary in ["482913", "main", &one.id.to_string()] {
        assert!(!dump.contains(canary), "{canary} in {dump}");
    }
    assert_eq!(store.claim(&shop, &code, &other, later()).await, Ok(true));
    let keys = server.ask(&["KEYS", "*"]).unwrap();
    let shops = keys.lines().find(|key| *key != mains).unwrap();
    server.ask(&["COPY", &mains, shops, "REPLACE"]).unwrap();
    assert_eq!(store.find(&shop, &code, RealTime.now()).await, Ok(None), "the copy of another app's");
    assert_eq!(store.find(&main, &code, RealTime.now()).await, Ok(Some(one.clone())));
    server.ask(&["SET", &mains, &other.to_string()]).unwrap();
    assert_eq!(store.find(&main, &code, RealTime.now()).await, Ok(None), "in clear");
    server.ask(&["FLUSHALL"]).unwrap();
    assert_eq!(store.find(&main, &code, RealTime.now()).await, Ok(None));
    assert_eq!(store.claim(&main, &code, &other, later()).await, Ok(true), "it is free again");
}

#[tokio::test]
async fn the_code_of_a_message_is_found_while_the_key_is_rotated() {
    let server = RedisServer::start(&[]).unwrap();
    let before = store_with_keys(&server.url(), "t:", ring(&[7])).await;
    let rotated = store_with_keys(&server.url(), "t:", ring(&[2, 7])).await;
    let (before, rotated): (&dyn MessageCodes, &dyn MessageCodes) = (&*before, &*rotated);
    let [one, other] = [1, 2].map(scene);
    let (main, code) = (app("main"), message_code("482913"));
    assert_eq!(before.claim(&main, &code, &one, later()).await, Ok(true));
    assert_eq!(rotated.find(&main, &code, RealTime.now()).await, Ok(Some(one)));
    assert_eq!(rotated.claim(&main, &code, &other, later()).await, Ok(true), "under another name");
    assert_eq!(rotated.find(&main, &code, RealTime.now()).await, Ok(None), "which of the two is not known");
}

#[tokio::test]
async fn what_an_older_key_of_the_ring_sealed_still_opens() {
    let server = RedisServer::start(&[]).unwrap();
    let before = store_with_keys(&server.url(), "t:", ring(&[1])).await;
    let rotated = store_with_keys(&server.url(), "t:", ring(&[2, 1])).await;
    let without = store_with_keys(&server.url(), "t:", ring(&[2])).await;
    let (id, hash, now) = (login(1), token_hash(1), RealTime.now());
    before.open(id, Some(context()), later()).await.unwrap();
    let state = LoginState::Loop { deadline: later() };
    let outcome = Login { id, version: 2, state };
    before.publish(&outcome, later()).await.unwrap();
    let live = known_session(1, now);
    let until = now.plus(CachedSession::TTL);
    SessionCache::put(&*before, &hash, &live, now, until).await.unwrap();
    let live = CachedSession::Live { active: std::sync::Arc::new(live), until };
    for (node, opens) in [(&before, true), (&rotated, true), (&without, false)] {
        let read = LoginCache::read(&**node, id).await.unwrap();
        assert_eq!(read == CachedLogin::Outcome(outcome.clone()), opens);
        assert_eq!(node.context(id).await.unwrap().is_some(), opens);
        let read = SessionCache::read(&**node, &hash).await.unwrap();
        assert_eq!(read == Some(live.clone()), opens);
    }
}
