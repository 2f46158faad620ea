//! Storing, finding and forgetting keys.

use std::time::Duration;

use super::{SessionKeysStage, TTL};
use crate::all_at_once;

pub(crate) async fn a_key_is_found_as_it_was_stored(stage: SessionKeysStage) {
    assert_eq!(stage.find(1).await, None);
    stage.put(1, b"sealed").await;
    for _ in 0..2 {
        assert_eq!(stage.find(1).await.as_deref(), Some(b"sealed".as_slice()));
    }
}

pub(crate) async fn any_bytes_survive(stage: SessionKeysStage) {
    let all: Vec<u8> = (0..=255).collect();
    for (number, sealed) in [(1, all.as_slice()), (2, b"\0\0"), (3, b"\r\n 1 2\r\n"), (4, &[0xff; 1000])] {
        stage.put(number, sealed).await;
        assert_eq!(stage.find(number).await.as_deref(), Some(sealed));
    }
}

pub(crate) async fn a_key_belongs_to_its_login(stage: SessionKeysStage) {
    stage.put(1, b"one").await;
    assert_eq!(stage.find(2).await, None);
    stage.put(2, b"two").await;
    assert_eq!(stage.find(1).await.as_deref(), Some(b"one".as_slice()));
}

pub(crate) async fn a_newer_key_replaces_the_older_one(stage: SessionKeysStage) {
    stage.put(1, b"older").await;
    stage.put(1, b"newer").await;
    assert_eq!(stage.find(1).await.as_deref(), Some(b"newer".as_slice()));
}

pub(crate) async fn a_key_expires(stage: SessionKeysStage) {
    stage.put(1, b"sealed").await;
    let until = stage.now.plus(TTL);
    assert!(stage.find_at(1, until.minus(Duration::from_millis(1))).await.is_some());
    assert_eq!(stage.find_at(1, until).await, None);
    assert_eq!(stage.find_at(1, until.plus(TTL)).await, None);
}

pub(crate) async fn a_forgotten_key_is_gone(stage: SessionKeysStage) {
    stage.put(1, b"one").await;
    stage.put(2, b"two").await;
    stage.forget(1).await;
    assert_eq!(stage.find(1).await, None);
    assert!(stage.find(2).await.is_some(), "another login's stays");
}

pub(crate) async fn forgetting_what_is_not_there_is_no_failure(stage: SessionKeysStage) {
    stage.forget(1).await;
    stage.put(1, b"sealed").await;
    stage.forget(1).await;
    stage.forget(1).await;
}

pub(crate) async fn a_key_can_be_stored_after_another_was_forgotten(stage: SessionKeysStage) {
    stage.put(1, b"older").await;
    stage.forget(1).await;
    stage.put(1, b"newer").await;
    assert_eq!(stage.find(1).await.as_deref(), Some(b"newer".as_slice()));
}

pub(crate) async fn many_keys_can_be_stored_at_once(stage: SessionKeysStage) {
    let all = (0..100).map(|number| {
        let stage = stage.clone();
        async move {
            stage.put(number, &number.to_be_bytes()).await;
            stage.find(number).await == Some(number.to_be_bytes().to_vec())
        }
    });
    assert!(all_at_once(all).await.into_iter().all(|found| found));
}
