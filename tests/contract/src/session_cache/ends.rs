//! Sessions that ended, and what must not bring them back.

use saoma_domain::ports::CachedSession::Ended;

use super::{SHORT, SessionCacheStage, TTL};
use crate::all_at_once;

pub(crate) async fn an_end_replaces_an_entry(stage: SessionCacheStage) {
    stage.cache(1).await;
    stage.mark_ended(&[1], TTL).await;
    assert_eq!(stage.read(1).await, Some(Ended));
}

pub(crate) async fn an_end_is_kept_where_there_is_no_entry(stage: SessionCacheStage) {
    stage.mark_ended(&[1], TTL).await;
    assert_eq!(stage.read(1).await, Some(Ended));
}

pub(crate) async fn a_session_read_before_its_end_is_not_cached(stage: SessionCacheStage) {
    let before = stage.live(1);
    stage.mark_ended(&[1], TTL).await;
    stage.put(1, &before, TTL).await;
    assert_eq!(stage.read(1).await, Some(Ended));
}

pub(crate) async fn an_end_expires(stage: SessionCacheStage) {
    stage.mark_ended(&[1], SHORT).await;
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, None);
}

pub(crate) async fn an_end_can_be_repeated(stage: SessionCacheStage) {
    stage.mark_ended(&[1], SHORT).await;
    stage.mark_ended(&[1, 1], TTL).await;
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, Some(Ended), "for longer");
}

pub(crate) async fn many_sessions_end_at_once_and_others_stay(stage: SessionCacheStage) {
    let mut cached = Vec::new();
    for number in 0..60 {
        cached.push(stage.cache(number).await);
    }
    let ended: Vec<u64> = (0..60).filter(|number| number % 3 != 0).collect();
    stage.mark_ended(&ended, TTL).await;
    for (number, live) in (0..).zip(cached) {
        match number % 3 {
            0 => assert_eq!(stage.read_live(number).await, Some(live), "{number}"),
            _ => assert_eq!(stage.read(number).await, Some(Ended), "{number}"),
        }
    }
}

pub(crate) async fn no_end_is_lost_among_readers_that_cache_the_session(stage: SessionCacheStage) {
    for number in 0..20 {
        let live = stage.live(number);
        let racers = (0..16_u64).map(|n| {
            let (stage, live) = (stage.clone(), live.clone());
            async move {
                match n {
                    0 => stage.mark_ended(&[number], TTL).await,
                    _ => stage.put(number, &live, TTL).await,
                }
            }
        });
        all_at_once(racers).await;
        assert_eq!(stage.read(number).await, Some(Ended));
    }
}

pub(crate) async fn an_end_of_none_changes_nothing(stage: SessionCacheStage) {
    let live = stage.cache(1).await;
    stage.mark_ended(&[], TTL).await;
    assert_eq!(stage.read_live(1).await, Some(live));
}
