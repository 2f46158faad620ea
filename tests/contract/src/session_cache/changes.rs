//! Sessions whose account changed.

use saoma_domain::ports::CachedSession::{Changed, Ended, Live};

use super::{SHORT, Stage, TTL};

pub(crate) async fn a_change_takes_the_place_of_a_copy(stage: Stage) {
    let other = stage.copy(1).await;
    stage.copy(2).await;
    stage.change(&[2, 3], TTL).await;
    assert_eq!(stage.read(2).await, Some(Changed));
    assert_eq!(stage.read(3).await, Some(Changed), "also where there was no copy");
    assert_eq!(stage.read(1).await, Some(Live(other)));
}

pub(crate) async fn who_read_before_a_change_puts_up_nothing(stage: Stage) {
    let before = stage.live(1);
    stage.change(&[1], TTL).await;
    stage.put(1, &before, TTL).await;
    assert_eq!(stage.read(1).await, Some(Changed));
}

pub(crate) async fn a_change_is_forgotten_when_its_time_is_over(stage: Stage) {
    stage.change(&[1], SHORT).await;
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, None);
    let live = stage.copy(1).await;
    assert_eq!(stage.read(1).await, Some(Live(live)));
}

pub(crate) async fn a_change_does_not_bring_an_ended_session_back(stage: Stage) {
    stage.end(&[1], TTL).await;
    stage.change(&[1], SHORT).await;
    stage.time.pass(SHORT + SHORT / 4).await;
    assert_eq!(stage.read(1).await, Some(Ended));
    stage.change(&[2], TTL).await;
    stage.end(&[2], TTL).await;
    assert_eq!(stage.read(2).await, Some(Ended), "a changed one can be ended");
}

pub(crate) async fn a_use_is_not_noted_of_a_session_that_changed(stage: Stage) {
    stage.change(&[1], TTL).await;
    stage.refresh(1, stage.now()).await;
    assert_eq!(stage.read(1).await, Some(Changed));
}
