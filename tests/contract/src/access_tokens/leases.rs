//! The lease to refresh a token.

use super::{APP, AccessTokensStage, OTHER, SHORT, TTL};
use crate::all_at_once;

pub(crate) async fn one_of_many_acquires_the_lease(stage: AccessTokensStage) {
    let callers = (0..32).map(|_| {
        let stage = stage.clone();
        async move { stage.try_acquire(APP, TTL).await }
    });
    let acquired = all_at_once(callers).await;
    assert_eq!(acquired.into_iter().filter(|acquired| *acquired).count(), 1);
    assert!(!stage.try_acquire(APP, TTL).await);
}

pub(crate) async fn a_lease_expires(stage: AccessTokensStage) {
    assert!(stage.try_acquire(APP, SHORT).await);
    assert!(!stage.try_acquire(APP, TTL).await, "a failed attempt prolongs no lease");
    stage.time.pass(SHORT + SHORT / 4).await;
    assert!(stage.try_acquire(APP, TTL).await);
}

pub(crate) async fn a_new_token_releases_the_lease(stage: AccessTokensStage) {
    assert!(stage.try_acquire(APP, TTL).await);
    stage.put(APP, b"sealed", TTL).await;
    assert!(stage.try_acquire(APP, TTL).await);
}

pub(crate) async fn each_app_has_its_own_lease(stage: AccessTokensStage) {
    assert!(stage.try_acquire(APP, TTL).await);
    assert!(stage.try_acquire(OTHER, TTL).await);
    stage.put(OTHER, b"sealed", TTL).await;
    assert!(!stage.try_acquire(APP, TTL).await);
}

pub(crate) async fn a_lease_leaves_the_token_in_place(stage: AccessTokensStage) {
    stage.put(APP, b"sealed", TTL).await;
    assert!(stage.try_acquire(APP, TTL).await);
    stage.forget(APP, b"another").await;
    assert_eq!(stage.read(APP).await.as_deref(), Some(b"sealed".as_slice()));
    assert!(!stage.try_acquire(APP, TTL).await);
}
