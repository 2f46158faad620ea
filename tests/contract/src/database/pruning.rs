//! Removing what is over.

use std::time::Duration;

use saoma_domain::{
    login::LoginEvent,
    ports::{Binding, LOGIN_KEPT_FOR, Scan, ScanTaken, StoredSession},
    time::Timestamp,
};

use super::DatabaseStage;
use crate::{
    all_at_once,
    values::{
        BIND_WINDOW, COLLECT_WINDOW, app, at, binding, login, login_id, new_identity_id, new_session, openid,
        scan, token_hash,
    },
};

const A_MOMENT: Duration = Duration::from_millis(1);
const A_SECOND: Duration = Duration::from_secs(1);

/// Expects a login to be kept until a day after a moment, and to be gone then.
async fn goes_a_day_after(stage: &DatabaseStage, number: u64, last_deadline: Timestamp) {
    let day_after = last_deadline.plus(LOGIN_KEPT_FOR);
    stage.prune_all(day_after.minus(A_MOMENT)).await;
    assert!(stage.find(login(number)).await.is_some(), "login {number} is kept");
    stage.prune_all(day_after).await;
    assert_eq!(stage.find(login(number)).await, None, "login {number} is gone");
}

pub(crate) async fn a_login_is_kept_for_a_day_after_its_last_deadline(stage: DatabaseStage) {
    // The code's deadline is the last one.
    stage.register(login(1), "oAnna", 1).await;
    goes_a_day_after(&stage, 1, login(1).deadline()).await;
    // Collecting the session may take longer than the code was good for.
    let scan_at = login(2).deadline().minus(A_SECOND);
    stage.first(Scan { at: scan_at, window: COLLECT_WINDOW, ..scan(login(2), "oAnna") }).await;
    goes_a_day_after(&stage, 2, scan_at.plus(COLLECT_WINDOW)).await;
    stage.first(scan(login(3), "oBert")).await;
    goes_a_day_after(&stage, 3, at(1).plus(BIND_WINDOW)).await;
}

pub(crate) async fn a_cancelled_login_is_kept_as_long(stage: DatabaseStage) {
    stage.end(login(1), LoginEvent::Cancelled, at(1)).await;
    goes_a_day_after(&stage, 1, login(1).deadline()).await;
}

pub(crate) async fn rows_are_removed_in_batches(stage: DatabaseStage) {
    for number in 0..5 {
        stage.end(login(number), LoginEvent::Cancelled, at(1)).await;
    }
    let ids: Vec<_> = (0..5).map(login).collect();
    let over = at(0).plus(LOGIN_KEPT_FOR * 2);
    for (removed, left) in [(2, 3), (2, 1), (1, 0), (0, 0)] {
        assert_eq!(stage.prune(over, 2).await, removed);
        assert_eq!(stage.logins.find_many(&ids).await.expect("the store works").len(), left);
    }
}

pub(crate) async fn pending_links_are_removed_beside_the_logins(stage: DatabaseStage) {
    let account = stage.register(login(100), "oAnna", 100).await;
    for number in 0..4 {
        stage.add_pending_link(login(number), account).await;
    }
    stage.first(Scan { app: app("shop"), ..scan(login(0), "oAnna") }).await;
    stage.end(login(1), LoginEvent::Cancelled, at(1)).await;
    let over = at(0).plus(LOGIN_KEPT_FOR * 2);
    // Three logins to which something happened, and the pending links of four.
    for removed in [4, 3, 0] {
        assert_eq!(stage.prune(over, 2).await, removed);
    }
}

pub(crate) async fn several_nodes_may_prune_at_once(stage: DatabaseStage) {
    for number in 0..40 {
        stage.end(login(number), LoginEvent::Cancelled, at(1)).await;
    }
    let over = at(0).plus(LOGIN_KEPT_FOR * 2);
    let prunings = (0..4).map(|_| {
        let stage = stage.clone();
        async move { stage.prune(over, 10).await }
    });
    let removed: u64 = all_at_once(prunings).await.into_iter().sum();
    let ids: Vec<_> = (0..40).map(login).collect();
    let left = stage.logins.find_many(&ids).await.expect("the store works").len();
    assert_eq!(removed + left as u64, 40, "each row is counted once");
}

async fn session(stage: &DatabaseStage) -> StoredSession {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.open(new_session(login(1), account, 1)).await
}

pub(crate) async fn an_ended_session_is_kept_for_a_day(stage: DatabaseStage) {
    let opened = session(&stage).await;
    let account = opened.active.session.account;
    let ended = at(0).plus(Duration::from_secs(7200));
    assert_eq!(stage.sessions.end(account, opened.active.session.id, ended).await, Ok(Some(token_hash(1))));
    stage.prune_all(ended.plus(LOGIN_KEPT_FOR).minus(A_MOMENT)).await;
    let again = stage.open(new_session(login(1), account, 1)).await;
    assert_eq!(again, StoredSession { ended: true, ..opened });
    assert_eq!(stage.prune(ended.plus(LOGIN_KEPT_FOR), 10).await, 1);
}

pub(crate) async fn a_session_in_use_is_kept(stage: DatabaseStage) {
    let opened = session(&stage).await;
    let much_later = at(0).plus(LOGIN_KEPT_FOR * 3);
    stage
        .sessions
        .touch(opened.active.session.id, much_later.minus(A_SECOND))
        .await
        .expect("the store works");
    stage.prune_all(much_later).await;
    assert_eq!(stage.find(login(1)).await, None, "its login is long gone");
    let live = stage.sessions.find(&opened.token_hash).await.expect("the store works");
    assert_eq!(live.map(|live| live.session.id), Some(opened.active.session.id));
}

pub(crate) async fn an_unused_session_goes_400_days_after_its_last_use(stage: DatabaseStage) {
    let opened = session(&stage).await;
    stage.sessions.touch(opened.active.session.id, at(100)).await.expect("the store works");
    let over = at(100).plus(LOGIN_KEPT_FOR * 400);
    for (now, is_there) in [(over.minus(A_MOMENT), true), (over, false)] {
        stage.prune_all(now).await;
        let found = stage.sessions.find(&opened.token_hash).await.expect("the store works");
        assert_eq!(found.is_some(), is_there);
    }
}

pub(crate) async fn an_identity_that_never_got_an_account_goes_with_its_login(stage: DatabaseStage) {
    let first = stage.first(scan(login(1), "oAnna")).await;
    let over = at(0).plus(LOGIN_KEPT_FOR * 2);
    stage.prune_all(over).await;
    let again = Scan {
        at: over,
        new_identity: new_identity_id(over),
        ..scan(login_id(2, over.plus(A_SECOND)), "oAnna")
    };
    let identity = again.new_identity;
    assert_eq!(stage.first(again).await.identity, identity, "a new one");
    assert_ne!(identity, first.identity);
}

pub(crate) async fn an_identity_that_a_younger_login_needs_is_kept(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let over = at(0).plus(LOGIN_KEPT_FOR * 2);
    let younger = Scan { at: over, ..scan(login_id(2, over.plus(A_SECOND)), "oAnna") };
    let record = stage.first(younger.clone()).await;
    stage.prune_all(over).await;
    assert_eq!(stage.find(login(1)).await, None);
    assert_eq!(stage.take(younger.clone()).await, ScanTaken::Again(record));
    let binding = Binding { at: over, ..binding(younger.login, 1) };
    let account = stage.bound(binding).await.1;
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}

pub(crate) async fn accounts_identities_and_the_trail_stay(stage: DatabaseStage) {
    let opened = session(&stage).await;
    let account = opened.active.session.account;
    assert_eq!(stage.sessions.end_all(account, at(9)).await.map(|ended| ended.len()), Ok(1));
    let trail = stage.entries(account).await;
    let years_later = at(0).plus(LOGIN_KEPT_FOR * 1000);
    stage.prune_all(years_later).await;
    assert!(stage.has_account(account).await);
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
    assert_eq!(stage.entries(account).await, trail);
    let scan = Scan { at: years_later, ..scan(login_id(2, years_later.plus(A_SECOND)), "oAnna") };
    assert!(stage.first(scan).await.known);
}
