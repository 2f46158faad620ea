//! Waiting for something to happen to a login.

use std::time::Duration;

use saoma_domain::ports::Subscription;
use tokio::time::timeout;

use super::{Stage, WORKS, outcome};

/// Longer than any wake-up takes.
const LONG: Duration = Duration::from_secs(60);

/// Long enough to see that nothing comes.
const A_WHILE: Duration = Duration::from_millis(100);

/// Waits for a wake-up that has to come.
async fn notified(waiter: &mut Box<dyn Subscription>) {
    let notified = timeout(Duration::from_secs(10), waiter.notified(LONG)).await;
    assert!(notified.is_ok(), "nobody woke the waiter");
}

/// Waits for a while, and returns whether a wake-up came.
async fn woken_meanwhile(waiter: &mut Box<dyn Subscription>) -> bool {
    timeout(A_WHILE, waiter.notified(LONG)).await.is_ok()
}

pub(crate) async fn a_publication_wakes_who_waits(stage: Stage) {
    let id = stage.login(1);
    let mut waiter = stage.subscribe(id).await;
    let publication = async {
        tokio::time::sleep(A_WHILE / 2).await;
        stage.publish(&outcome(id, 2)).await;
    };
    tokio::join!(notified(&mut waiter), publication);
}

pub(crate) async fn a_publication_before_the_wait_is_not_lost(stage: Stage) {
    let id = stage.login(1);
    let mut waiter = stage.subscribe(id).await;
    stage.publish(&outcome(id, 2)).await;
    notified(&mut waiter).await;
}

pub(crate) async fn a_publication_after_a_wait_was_given_up_is_not_lost(stage: Stage) {
    let id = stage.login(1);
    let mut waiter = stage.subscribe(id).await;
    assert!(!woken_meanwhile(&mut waiter).await);
    stage.publish(&outcome(id, 2)).await;
    notified(&mut waiter).await;
}

pub(crate) async fn every_publication_wakes_again(stage: Stage) {
    let id = stage.login(1);
    let mut waiter = stage.subscribe(id).await;
    for version in 2..10 {
        stage.publish(&outcome(id, version)).await;
        notified(&mut waiter).await;
    }
}

pub(crate) async fn all_who_wait_for_a_login_are_woken(stage: Stage) {
    let id = stage.login(1);
    let mut tasks = Vec::new();
    for n in 0..50_u64 {
        let mut waiter = stage.subscribe(id).await;
        tasks.push(tokio::spawn(async move {
            // Some wait already when the wake-up comes, others do not yet.
            tokio::time::sleep(Duration::from_millis(n % 3 * 20)).await;
            notified(&mut waiter).await;
        }));
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    stage.publish(&outcome(id, 2)).await;
    for task in tasks {
        task.await.expect("every waiter is notified");
    }
}

pub(crate) async fn everybody_is_woken_by_their_own_login(stage: Stage) {
    let mut waiters = Vec::new();
    for number in 0..200 {
        let id = stage.login(number);
        waiters.push((id, stage.subscribe(id).await));
    }
    for (id, _) in &waiters {
        stage.publish(&outcome(*id, 2)).await;
    }
    for (_, waiter) in &mut waiters {
        notified(waiter).await;
    }
}

pub(crate) async fn a_wait_ends_when_its_time_is_over(stage: Stage) {
    let mut waiter = stage.subscribe(stage.login(1)).await;
    for at_most in [Duration::ZERO, A_WHILE / 10] {
        let ended = timeout(Duration::from_secs(10), waiter.notified(at_most)).await;
        assert!(ended.is_ok(), "still waiting");
    }
}

pub(crate) async fn an_outcome_that_is_left_out_wakes_nobody(stage: Stage) {
    let id = stage.login(1);
    let mut first = stage.subscribe(id).await;
    stage.publish(&outcome(id, 3)).await;
    notified(&mut first).await;

    let mut second = stage.subscribe(id).await;
    for version in [2, 3] {
        stage.publish(&outcome(id, version)).await;
        assert!(!woken_meanwhile(&mut first).await, "version {version}");
        assert!(!woken_meanwhile(&mut second).await, "version {version}");
    }
}

pub(crate) async fn opening_a_login_does_not_hinder_its_waiters(stage: Stage) {
    let id = stage.login(1);
    let mut waiter = stage.subscribe(id).await;
    stage.login_cache.open(id, None, stage.later()).await.expect(WORKS);
    stage.publish(&outcome(id, 2)).await;
    notified(&mut waiter).await;
}

pub(crate) async fn a_waiter_that_is_gone_does_not_hinder_others(stage: Stage) {
    let id = stage.login(1);
    let mut stays = stage.subscribe(id).await;
    for _ in 0..10 {
        drop(stage.subscribe(id).await);
    }
    stage.publish(&outcome(id, 2)).await;
    notified(&mut stays).await;
}

pub(crate) async fn a_login_can_be_waited_for_again(stage: Stage) {
    let id = stage.login(1);
    for version in 2..6 {
        let mut waiter = stage.subscribe(id).await;
        stage.publish(&outcome(id, version)).await;
        notified(&mut waiter).await;
    }
}
