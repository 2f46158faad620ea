//! Storing and forgetting tokens.

use super::{APP, AccessTokensStage, OTHER, SHORT, TTL};

pub(crate) async fn a_token_is_read_as_it_was_put(stage: AccessTokensStage) {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    for sealed in [every_byte.as_slice(), b"\0", b"\r\n$-1\r\n", b"1"] {
        stage.put(APP, sealed, TTL).await;
        assert_eq!(stage.read(APP).await.as_deref(), Some(sealed));
    }
}

pub(crate) async fn there_is_no_token_before_one_is_put(stage: AccessTokensStage) {
    assert_eq!(stage.read(APP).await, None);
    stage.forget(APP, b"sealed").await;
    assert_eq!(stage.read(APP).await, None);
}

pub(crate) async fn a_newer_token_replaces_the_older_one(stage: AccessTokensStage) {
    stage.put(APP, b"old", SHORT).await;
    stage.put(APP, b"new", TTL).await;
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(APP).await.as_deref(), Some(b"new".as_slice()), "with its own lifetime");
}

pub(crate) async fn each_app_has_its_own_token(stage: AccessTokensStage) {
    stage.put(APP, b"one", TTL).await;
    stage.put(OTHER, b"other", TTL).await;
    assert_eq!(stage.read(APP).await.as_deref(), Some(b"one".as_slice()));
    stage.forget(APP, b"one").await;
    assert_eq!(stage.read(APP).await, None);
    assert_eq!(stage.read(OTHER).await.as_deref(), Some(b"other".as_slice()));
}

pub(crate) async fn a_token_expires(stage: AccessTokensStage) {
    stage.put(APP, b"sealed", SHORT).await;
    assert!(stage.read(APP).await.is_some());
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(APP).await, None);
}

pub(crate) async fn a_token_that_has_expired_already_is_not_stored(stage: AccessTokensStage) {
    stage.put(APP, b"old", TTL).await;
    let put = stage.tokens.put(APP, b"sealed", stage.now().minus(TTL)).await;
    assert_eq!(put, Ok(()));
    assert_ne!(stage.read(APP).await.as_deref(), Some(b"sealed".as_slice()));
}

pub(crate) async fn only_the_token_that_is_named_is_forgotten(stage: AccessTokensStage) {
    stage.put(APP, b"sealed", TTL).await;
    for other in [b"seale".as_slice(), b"sealed!", b""] {
        stage.forget(APP, other).await;
        assert!(stage.read(APP).await.is_some());
    }
    stage.forget(APP, b"sealed").await;
    assert_eq!(stage.read(APP).await, None);
}

pub(crate) async fn a_newer_token_is_not_forgotten_with_the_older_one(stage: AccessTokensStage) {
    stage.put(APP, b"old", TTL).await;
    stage.put(APP, b"new", TTL).await;
    stage.forget(APP, b"old").await;
    assert_eq!(stage.read(APP).await.as_deref(), Some(b"new".as_slice()));
}
