//! Cancelling and denying logins.

use std::time::Duration;

use saoma_domain::{
    login::{ExpiryReason, Login, LoginEvent, LoginState},
    ports::{Bound, Scan, ScanRecord, ScanTaken},
};

use super::{DatabaseStage, stage::reason_of};
use crate::{
    all_at_once,
    values::{BIND_WINDOW, at, binding, login, scan},
};

fn over(number: u64, version: u32, reason: ExpiryReason, since: u64) -> Login {
    Login { id: login(number), version, state: LoginState::Expired { reason, since: at(since) } }
}

pub(crate) async fn a_cancelled_login_cannot_be_scanned(stage: DatabaseStage) {
    let cancelled = stage.end(login(1), LoginEvent::Cancelled, at(5)).await;
    assert_eq!(cancelled, over(1, 2, ExpiryReason::Cancelled, 5));
    let later = Scan { at: at(6), ..scan(login(1), "oAnna") };
    assert_eq!(stage.take(later).await, ScanTaken::Over(ExpiryReason::Cancelled));
    let after_the_deadline = Scan { at: at(3600), ..scan(login(1), "oAnna") };
    assert_eq!(stage.take(after_the_deadline).await, ScanTaken::Over(ExpiryReason::Cancelled));
    assert_eq!(stage.login(login(1)).await, cancelled);
}

pub(crate) async fn a_denied_login_says_so(stage: DatabaseStage) {
    let denied = stage.end(login(1), LoginEvent::Denied, at(5)).await;
    assert_eq!(denied, over(1, 2, ExpiryReason::Denied, 5));
    assert_eq!(stage.take(scan(login(1), "oAnna")).await, ScanTaken::Over(ExpiryReason::Denied));
    assert_eq!(stage.login(login(1)).await, denied);
}

pub(crate) async fn a_login_that_waits_for_a_phone_can_be_cancelled(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let cancelled = stage.end(login(1), LoginEvent::Cancelled, at(5)).await;
    assert_eq!(cancelled, over(1, 3, ExpiryReason::Cancelled, 5));
    assert_eq!(stage.login(login(1)).await, cancelled);
}

pub(crate) async fn a_registered_login_stays_registered(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let (registered, _) = stage.bound(binding(login(1), 1)).await;
    assert_eq!(stage.end(login(1), LoginEvent::Cancelled, at(5)).await, registered);
    assert_eq!(stage.end(login(1), LoginEvent::Denied, at(3600)).await, registered);
    assert_eq!(stage.login(login(1)).await, registered);
}

pub(crate) async fn the_first_end_stays(stage: DatabaseStage) {
    let cancelled = stage.end(login(1), LoginEvent::Cancelled, at(5)).await;
    assert_eq!(stage.end(login(1), LoginEvent::Denied, at(6)).await, cancelled);
    assert_eq!(stage.end(login(1), LoginEvent::Cancelled, at(3600)).await, cancelled);
    assert_eq!(stage.login(login(1)).await, cancelled);
}

pub(crate) async fn ending_an_expired_login_changes_nothing(stage: DatabaseStage) {
    let late = login(1).deadline();
    let expired = stage.end(login(1), LoginEvent::Cancelled, late).await;
    assert_eq!(reason_of(&expired, late), ExpiryReason::Timeout);
    assert_eq!(stage.find(login(1)).await, None);

    stage.first(scan(login(2), "oAnna")).await;
    let late = at(1).plus(BIND_WINDOW);
    let expired = stage.end(login(2), LoginEvent::Denied, late).await;
    assert_eq!(reason_of(&expired, late), ExpiryReason::Timeout);
    assert_eq!(reason_of(&stage.login(login(2)).await, late), ExpiryReason::Timeout);
}

pub(crate) async fn a_scan_of_a_login_cancelled_after_its_scan_finds_the_record(stage: DatabaseStage) {
    let first = stage.first(scan(login(1), "oAnna")).await;
    let cancelled = stage.end(login(1), LoginEvent::Cancelled, at(5)).await;
    let now = ScanRecord { login: cancelled, ..first };
    assert_eq!(stage.take(scan(login(1), "oAnna")).await, ScanTaken::Again(now));
    assert_eq!(stage.take(scan(login(1), "oBert")).await, ScanTaken::ByAnother);
}

pub(crate) async fn many_ends_at_once_agree(stage: DatabaseStage) {
    let ends = (0..16_u64).map(|n| {
        let stage = stage.clone();
        let event = if n % 2 == 0 { LoginEvent::Cancelled } else { LoginEvent::Denied };
        async move { stage.end(login(1), event, at(1).plus(Duration::from_millis(n))).await }
    });
    let ended = all_at_once(ends).await;
    let stored = stage.login(login(1)).await;
    assert!(ended.iter().all(|login| *login == stored), "{ended:?}");
}

pub(crate) async fn a_scan_and_a_cancellation_at_once_agree(stage: DatabaseStage) {
    for number in 0..16 {
        let (scanning, ending) = (stage.clone(), stage.clone());
        let (taken, ended) = tokio::join!(
            tokio::spawn(async move { scanning.take(scan(login(number), "oAnna")).await }),
            tokio::spawn(async move { ending.end(login(number), LoginEvent::Cancelled, at(1)).await }),
        );
        let ended = ended.expect("no panic");
        assert_eq!(stage.login(login(number)).await, ended, "a cancellation moves either state");
        match taken.expect("no panic") {
            ScanTaken::First(_) => assert_eq!(ended, over(number, 3, ExpiryReason::Cancelled, 1)),
            ScanTaken::Over(reason) => {
                assert_eq!(reason, ExpiryReason::Cancelled);
                assert_eq!(ended, over(number, 2, ExpiryReason::Cancelled, 1));
            }
            other @ (ScanTaken::Again(_)
            | ScanTaken::ByAnother
            | ScanTaken::LinkRefused(_)
            | ScanTaken::RegistrationClosed(_)) => {
                panic!("no other person scanned: {other:?}")
            }
        }
    }
}

pub(crate) async fn a_binding_and_a_cancellation_at_once_agree(stage: DatabaseStage) {
    for number in 0..16_u32 {
        let id = login(number.into());
        stage.first(scan(id, &format!("oPerson{number}"))).await;
        let binding = binding(id, number);
        let account = binding.new_account;
        let (binder, ending) = (stage.clone(), stage.clone());
        let (bound, ended) = tokio::join!(
            tokio::spawn(async move { binder.bind(binding).await }),
            tokio::spawn(async move { ending.end(id, LoginEvent::Cancelled, at(2)).await }),
        );
        let (bound, ended) = (bound.expect("no panic"), ended.expect("no panic"));
        let stored = stage.login(id).await;
        assert_eq!(ended, stored);
        match bound {
            Bound::Registered(login) | Bound::ByNumberAlone(login) => assert_eq!(login, stored),
            Bound::Refused(login) => {
                assert_eq!(login, stored);
                assert_eq!(reason_of(&login, at(2)), ExpiryReason::Cancelled);
                assert!(!stage.has_account(account).await);
            }
            Bound::PhoneTaken | Bound::RegistrationClosed | Bound::ConsentMissing => {
                panic!("no other person has the number")
            }
        }
    }
}
