//! Clients that wait for a login.

use std::{
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use saoma_domain::ports::Subscription;
use tokio::time::timeout;

use super::{LoginCacheStage, WORKS, outcome};

/// Longer than any notification takes.
const LONG: Duration = Duration::from_secs(60);

/// Long enough to see that no notification comes.
const A_WHILE: Duration = Duration::from_millis(100);

/// Waits for a notification that has to come.
async fn notified(client: &mut Box<dyn Subscription>) {
    let notified = timeout(Duration::from_secs(10), client.notified(LONG)).await;
    assert!(notified.is_ok(), "no notification came");
}

/// Waits for a while, and returns whether a notification came.
async fn notified_meanwhile(client: &mut Box<dyn Subscription>) -> bool {
    timeout(A_WHILE, client.notified(LONG)).await.is_ok()
}

pub(crate) async fn a_waiting_client_is_notified(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut client = stage.subscribe(id).await;
    let publication = async {
        tokio::time::sleep(A_WHILE / 2).await;
        stage.publish(&outcome(id, 2)).await;
    };
    tokio::join!(notified(&mut client), publication);
}

pub(crate) async fn a_notification_before_the_wait_is_not_lost(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut client = stage.subscribe(id).await;
    stage.publish(&outcome(id, 2)).await;
    notified(&mut client).await;
}

pub(crate) async fn a_notification_after_a_wait_was_given_up_is_not_lost(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut client = stage.subscribe(id).await;
    assert!(!notified_meanwhile(&mut client).await);
    stage.publish(&outcome(id, 2)).await;
    notified(&mut client).await;
}

pub(crate) async fn every_publication_notifies_again(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut client = stage.subscribe(id).await;
    for version in 2..10 {
        stage.publish(&outcome(id, version)).await;
        notified(&mut client).await;
    }
}

pub(crate) async fn all_clients_of_a_login_are_notified(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut tasks = Vec::new();
    for n in 0..50_u64 {
        let mut client = stage.subscribe(id).await;
        tasks.push(tokio::spawn(async move {
            // Some clients wait already when the notification comes, others not yet.
            tokio::time::sleep(Duration::from_millis(n % 3 * 20)).await;
            notified(&mut client).await;
        }));
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    stage.publish(&outcome(id, 2)).await;
    for task in tasks {
        task.await.expect("every client is notified");
    }
}

pub(crate) async fn each_client_is_notified_of_its_own_login(stage: LoginCacheStage) {
    let mut clients = Vec::new();
    for number in 0..200 {
        let id = stage.login(number);
        clients.push((id, stage.subscribe(id).await));
    }
    for (id, _) in &clients {
        stage.publish(&outcome(*id, 2)).await;
    }
    for (_, client) in &mut clients {
        notified(client).await;
    }
}

pub(crate) async fn a_wait_ends_when_its_time_is_over(stage: LoginCacheStage) {
    let mut client = stage.subscribe(stage.login(1)).await;
    for at_most in [Duration::ZERO, A_WHILE / 10] {
        let ended = timeout(Duration::from_secs(10), client.notified(at_most)).await;
        assert!(ended.is_ok(), "still waiting");
    }
}

pub(crate) async fn an_empty_wait_returns_at_once(stage: LoginCacheStage) {
    let mut client = stage.subscribe(stage.login(1)).await;
    let mut wait = pin!(client.notified(Duration::ZERO));
    // Before any timer has had a chance to end.
    assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
}

pub(crate) async fn an_outcome_that_is_ignored_notifies_no_client(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut first = stage.subscribe(id).await;
    stage.publish(&outcome(id, 3)).await;
    notified(&mut first).await;

    let mut second = stage.subscribe(id).await;
    for version in [2, 3] {
        stage.publish(&outcome(id, version)).await;
        assert!(!notified_meanwhile(&mut first).await, "version {version}");
        assert!(!notified_meanwhile(&mut second).await, "version {version}");
    }
}

pub(crate) async fn opening_a_login_does_not_hinder_its_clients(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut client = stage.subscribe(id).await;
    stage.login_cache.open(id, None, stage.later()).await.expect(WORKS);
    stage.publish(&outcome(id, 2)).await;
    notified(&mut client).await;
}

pub(crate) async fn a_client_that_is_gone_does_not_hinder_others(stage: LoginCacheStage) {
    let id = stage.login(1);
    let mut stays = stage.subscribe(id).await;
    for _ in 0..10 {
        drop(stage.subscribe(id).await);
    }
    stage.publish(&outcome(id, 2)).await;
    notified(&mut stays).await;
}

pub(crate) async fn a_login_can_be_subscribed_to_again(stage: LoginCacheStage) {
    let id = stage.login(1);
    for version in 2..6 {
        let mut client = stage.subscribe(id).await;
        stage.publish(&outcome(id, version)).await;
        notified(&mut client).await;
    }
}
