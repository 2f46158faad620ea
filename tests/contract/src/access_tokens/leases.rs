//! Whose turn it is to ask WeChat.

use super::{APP, OTHER, SHORT, Stage, TTL};
use crate::all_at_once;

pub(crate) async fn one_of_many_gets_the_turn(stage: Stage) {
    let askers = (0..32).map(|_| {
        let stage = stage.clone();
        async move { stage.may_refresh(APP, TTL).await }
    });
    let turns = all_at_once(askers).await;
    assert_eq!(turns.into_iter().filter(|turn| *turn).count(), 1);
    assert!(!stage.may_refresh(APP, TTL).await);
}

pub(crate) async fn a_turn_is_over_in_time(stage: Stage) {
    assert!(stage.may_refresh(APP, SHORT).await);
    assert!(!stage.may_refresh(APP, TTL).await, "who asks in vain prolongs nothing");
    stage.time.pass(SHORT + SHORT / 4).await;
    assert!(stage.may_refresh(APP, TTL).await);
}

pub(crate) async fn a_new_token_ends_the_turn(stage: Stage) {
    assert!(stage.may_refresh(APP, TTL).await);
    stage.put(APP, b"sealed", TTL).await;
    assert!(stage.may_refresh(APP, TTL).await);
}

pub(crate) async fn each_app_has_its_own_turn(stage: Stage) {
    assert!(stage.may_refresh(APP, TTL).await);
    assert!(stage.may_refresh(OTHER, TTL).await);
    stage.put(OTHER, b"sealed", TTL).await;
    assert!(!stage.may_refresh(APP, TTL).await);
}

pub(crate) async fn a_turn_does_not_touch_the_token(stage: Stage) {
    stage.put(APP, b"sealed", TTL).await;
    assert!(stage.may_refresh(APP, TTL).await);
    stage.forget(APP, b"another").await;
    assert_eq!(stage.read(APP).await.as_deref(), Some(b"sealed".as_slice()));
    assert!(!stage.may_refresh(APP, TTL).await);
}
