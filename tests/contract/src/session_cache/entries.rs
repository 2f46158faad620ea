//! Entries of live sessions.

use std::time::Duration;

use saoma_domain::{login::ClientInfo, wechat::Profile};

use super::{SHORT, SessionCacheStage, TTL};

pub(crate) async fn an_entry_is_read_as_it_was_put(stage: SessionCacheStage) {
    let browsers =
        ["", "curl/8", "\"\\ \u{2028} {}[],\n1 e", "微信 8.0 🐼", &"ü".repeat(ClientInfo::USER_AGENT_BYTES)];
    for (number, user_agent) in (1..).zip(browsers) {
        let mut live = stage.live(number);
        live.session.client_info =
            ClientInfo { ip: "2001:db8::7".to_owned(), user_agent: user_agent.to_owned() };
        live.session.last_seen_at = stage.now().plus(Duration::from_millis(number));
        stage.put(number, &live, TTL).await;
        assert_eq!(stage.read_live(number).await, Some(live), "{user_agent}");
    }
    let mut shut = stage.live(9);
    shut.account.disabled = true;
    let [first, ..] = shut.identities.as_mut_slice() else { panic!("there is an identity") };
    (first.union, first.unsubscribed_at, first.profile) = (None, None, Profile::default());
    stage.put(9, &shut, TTL).await;
    assert_eq!(stage.read_live(9).await, Some(shut.clone()));
    shut.identities.clear();
    shut.conflicts.clear();
    stage.put(10, &shut, TTL).await;
    assert_eq!(stage.read_live(10).await, Some(shut));
}

pub(crate) async fn nothing_is_known_of_other_sessions(stage: SessionCacheStage) {
    stage.cache(1).await;
    stage.mark_ended(&[2], TTL).await;
    assert_eq!(stage.read(3).await, None);
}

pub(crate) async fn an_entry_expires(stage: SessionCacheStage) {
    stage.put(1, &stage.live(1), SHORT).await;
    assert!(stage.read(1).await.is_some());
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, None);
    let again = stage.cache(1).await;
    assert_eq!(stage.read_live(1).await, Some(again), "there is room for a new one");
}

pub(crate) async fn an_entry_is_not_replaced(stage: SessionCacheStage) {
    let first = stage.live(1);
    assert!(stage.put(1, &first, SHORT).await);
    let mut second = first.clone();
    second.session.last_seen_at = stage.now().plus(TTL);
    assert!(!stage.put(1, &second, TTL).await, "it is not cached");
    assert_eq!(stage.read_live(1).await, Some(first));
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, None, "and is kept no longer");
}

pub(crate) async fn an_entry_that_has_expired_already_is_not_read(stage: SessionCacheStage) {
    let long_ago = stage.now().minus(TTL);
    let put = stage.cache.put(&crate::values::token_hash(1), &stage.live(1), long_ago, long_ago).await;
    assert_eq!((put, stage.read(1).await), (Ok(false), None));
}
