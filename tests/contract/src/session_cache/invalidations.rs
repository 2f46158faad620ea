//! Sessions whose account changed.

use saoma_domain::ports::CachedSession::{Ended, Invalidated};

use super::{SHORT, SessionCacheStage, TTL};

pub(crate) async fn an_invalidation_replaces_an_entry(stage: SessionCacheStage) {
    let other = stage.cache(1).await;
    stage.cache(2).await;
    stage.invalidate(&[2, 3], TTL).await;
    assert_eq!(stage.read(2).await, Some(Invalidated));
    assert_eq!(stage.read(3).await, Some(Invalidated), "also where there was no entry");
    assert_eq!(stage.read_live(1).await, Some(other));
}

pub(crate) async fn a_session_read_before_its_invalidation_is_not_cached(stage: SessionCacheStage) {
    let before = stage.live(1);
    stage.invalidate(&[1], TTL).await;
    stage.put(1, &before, TTL).await;
    assert_eq!(stage.read(1).await, Some(Invalidated));
}

pub(crate) async fn an_invalidation_expires(stage: SessionCacheStage) {
    stage.invalidate(&[1], SHORT).await;
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, None);
    let live = stage.cache(1).await;
    assert_eq!(stage.read_live(1).await, Some(live));
}

pub(crate) async fn an_invalidation_does_not_bring_an_ended_session_back(stage: SessionCacheStage) {
    stage.mark_ended(&[1], TTL).await;
    stage.invalidate(&[1], SHORT).await;
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, Some(Ended));
    stage.invalidate(&[2], TTL).await;
    stage.mark_ended(&[2], TTL).await;
    assert_eq!(stage.read(2).await, Some(Ended), "a changed one can be ended");
}
