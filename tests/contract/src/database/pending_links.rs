//! Logins whose scan adds an identity to an account.

use std::time::Duration;

use saoma_domain::{
    account::AccountId,
    login::{Channel, ClientInfo, ExpiryReason, Login, LoginEvent, LoginId, LoginState},
    ports::{
        AuditEntry, AuditKind, Bound, LOGIN_KEPT_FOR, LoginRecord, NewSession, PendingLink, Removal, Removed,
        Scan, ScanRecord, ScanTaken,
    },
    wechat::Profile,
};

use super::{
    DatabaseStage,
    stage::{account_of, identity_of, reason_of},
};
use crate::{
    all_at_once,
    values::{BIND_WINDOW, app, at, binding, link, login, new_session, openid, scan, union},
};

/// Makes Anna's account by the app `main`, and a login that is to add an identity to it.
async fn anna_with_pending_link(stage: &DatabaseStage, number: u64) -> AccountId {
    let account = stage.register(login(100), "oAnna", 100).await;
    stage.add_pending_link(login(number), account).await;
    account
}

fn in_shop(login: LoginId, person: &str) -> Scan {
    Scan { app: app("shop"), channel: Channel::Website, ..scan(login, person) }
}

fn denied(number: u64) -> Login {
    let state = LoginState::Expired { reason: ExpiryReason::Denied, since: at(1) };
    Login { id: login(number), version: 2, state }
}

fn link_refused(number: u64) -> LoginRecord {
    LoginRecord {
        login: denied(number),
        identity: None,
        proof: None,
        scan: Some((ClientInfo::default(), at(1))),
        link_refused: true,
        registration_closed: false,
    }
}

pub(crate) async fn a_login_with_a_pending_link_looks_new(stage: DatabaseStage) {
    anna_with_pending_link(&stage, 1).await;
    assert_eq!(stage.find(login(1)).await, None);
    assert_eq!(stage.logins.find_many(&[login(1)]).await, Ok(vec![]));
    assert_eq!(stage.bind(binding(login(1), 1)).await, Bound::Refused(Login::new(login(1))));
    let bert = stage.first(scan(login(2), "oBert")).await.identity;
    assert_eq!(stage.link(link(login(1), bert, "uBert")).await, None);
    assert_eq!(stage.find(login(1)).await, None);
}

pub(crate) async fn a_login_has_one_pending_link_and_only_while_it_is_new(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    stage.add_pending_link(login(1), account).await;
    let bert = stage.register(login(101), "oBert", 101).await;
    let other = PendingLink { login: login(1), account: bert, at: at(0) };
    assert!(stage.logins.add_pending_link(other).await.is_err(), "it is Anna's");
    stage.end(login(2), LoginEvent::Cancelled, at(1)).await;
    let late = PendingLink { login: login(2), account, at: at(0) };
    assert!(stage.logins.add_pending_link(late).await.is_err(), "it was cancelled");

    let linked = stage.first(in_shop(login(1), "oAnnaShop")).await;
    assert_eq!(account_of(&linked.login), account);
}

pub(crate) async fn a_new_identity_is_linked_to_the_account(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let record = stage.first(in_shop(login(1), "oAnnaShop")).await;
    let state = LoginState::Registered { account, since: at(1), collect_by: at(1).plus(BIND_WINDOW) };
    assert_eq!(record.login, Login { id: login(1), version: 2, state });
    assert!(record.known && record.linked && record.bound_now);
    assert_eq!(stage.login(login(1)).await, record.login);
    assert_eq!(stage.openids(account).await, [openid("oAnna"), openid("oAnnaShop")]);
    let bound = AuditEntry { at: at(1), kind: AuditKind::IdentityLinked, account, login: Some(login(1)) };
    assert!(stage.entries(account).await.contains(&bound));
    let again = ScanTaken::Again(ScanRecord { bound_now: false, ..record });
    assert_eq!(stage.take(in_shop(login(1), "oAnnaShop")).await, again);
    assert_eq!(stage.take(in_shop(login(1), "oBert")).await, ScanTaken::ByAnother);
}

pub(crate) async fn an_identity_that_waited_for_a_phone_is_linked_to_the_account(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let seen = stage.first(in_shop(login(2), "oAnnaShop")).await.identity;
    let record = stage.first(in_shop(login(1), "oAnnaShop")).await;
    assert_eq!((record.identity, account_of(&record.login)), (seen, account));
    assert_eq!(identity_of(&stage.login(login(2)).await), seen, "the other login is as it was");
    assert_eq!(stage.bound(binding(login(2), 7)).await.1, account, "and leads to the same account");
}

pub(crate) async fn an_identity_of_the_account_is_only_logged_in(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let before = stage.entries(account).await;
    let record = stage.first(scan(login(1), "oAnna")).await;
    assert_eq!(account_of(&record.login), account);
    assert!(!record.linked);
    assert_eq!(stage.entries(account).await, before);
}

pub(crate) async fn an_identity_of_another_account_ends_the_login_and_changes_nothing(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let shop = stage.first(in_shop(login(2), "oBertShop")).await.identity;
    let bert = stage.bound(binding(login(2), 2)).await.1;
    let (annas, berts) = (stage.entries(account).await, stage.entries(bert).await);
    let identity = stage.identity(shop).await;

    let profile = Profile { nickname: Some("Bert".to_owned()), avatar_url: None };
    let scan = Scan { union: Some(union("uBert")), profile, ..in_shop(login(1), "oBertShop") };
    assert_eq!(stage.take(scan.clone()).await, ScanTaken::LinkRefused(denied(1)));
    assert_eq!(stage.find(login(1)).await, Some(link_refused(1)));
    assert_eq!(stage.identity(shop).await, identity);
    assert_eq!((stage.entries(account).await, stage.entries(bert).await), (annas, berts));
    let later = Scan { at: at(3600), ..scan };
    assert_eq!(
        stage.take(later).await,
        ScanTaken::LinkRefused(denied(1)),
        "a repetition gets the same answer"
    );
}

pub(crate) async fn a_second_user_of_an_app_ends_the_login_and_is_not_even_kept(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let first = scan(login(1), "oBert");
    assert_eq!(stage.take(first.clone()).await, ScanTaken::LinkRefused(denied(1)));
    assert_eq!(stage.identity(first.new_identity).await, None);
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
    let second = scan(login(2), "oBert");
    let new = second.new_identity;
    assert_eq!(stage.first(second).await.identity, new, "they were not known");
}

pub(crate) async fn a_pending_link_from_before_all_sessions_were_ended_is_void(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    stage.sessions.end_all(account, at(0)).await.expect("the store works");
    stage.add_pending_link(login(2), account).await;
    for (number, scan) in [(1, in_shop(login(1), "oAnnaShop")), (2, scan(login(2), "oAnna"))] {
        for _ in 0..2 {
            assert_eq!(stage.take(scan.clone()).await, ScanTaken::LinkRefused(denied(number)));
        }
    }
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
    let again = PendingLink { login: login(3), account, at: at(0).plus(Duration::from_millis(1)) };
    assert_eq!(stage.logins.add_pending_link(again).await, Ok(()));
    assert_eq!(account_of(&stage.first(in_shop(login(3), "oAnnaShop")).await.login), account);
}

pub(crate) async fn a_pending_link_from_before_a_person_was_shut_out_is_void(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let opened = stage.open(NewSession { at: at(0), ..new_session(login(100), account, 1) }).await;
    assert!(matches!(stage.sessions.end(account, opened.active.session.id, at(0)).await, Ok(Some(_))));
    let identity = stage.first(in_shop(login(101), "oAnnaShop")).await.identity;
    stage.bound(binding(login(101), 100)).await;
    let asked = at(0).plus(Duration::from_millis(1));
    stage
        .logins
        .add_pending_link(PendingLink { login: login(2), account, at: asked })
        .await
        .expect("the store works");
    let removal = Removal { account, identity, asked_by: opened.active.session.id, at: asked };
    let removed = stage.accounts.remove_identity(removal).await;
    assert!(matches!(removed, Ok(Removed::Done { .. })));
    for number in [1, 2] {
        let taken = stage.take(in_shop(login(number), "oStranger")).await;
        assert_eq!(taken, ScanTaken::LinkRefused(denied(number)));
    }
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
    let later = PendingLink { login: login(3), account, at: asked.plus(Duration::from_millis(1)) };
    stage.logins.add_pending_link(later).await.expect("the store works");
    assert_eq!(account_of(&stage.first(in_shop(login(3), "oAnnaShop")).await.login), account);
}

pub(crate) async fn a_login_with_a_pending_link_can_be_cancelled(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let cancelled = stage.end(login(1), LoginEvent::Cancelled, at(1)).await;
    let state = LoginState::Expired { reason: ExpiryReason::Cancelled, since: at(1) };
    assert_eq!(cancelled, Login { id: login(1), version: 2, state });
    assert_eq!(stage.login(login(1)).await, cancelled);
    let taken = stage.take(in_shop(login(1), "oAnnaShop")).await;
    assert_eq!(taken, ScanTaken::Over(ExpiryReason::Cancelled));
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}

pub(crate) async fn a_pending_link_that_is_not_scanned_in_time_is_over(stage: DatabaseStage) {
    anna_with_pending_link(&stage, 1).await;
    let late = login(1).deadline();
    for person in ["oAnnaShop", "oAnna"] {
        let taken = stage.take(Scan { at: late, ..in_shop(login(1), person) }).await;
        assert_eq!(taken, ScanTaken::Over(ExpiryReason::Timeout));
    }
    assert_eq!(reason_of(&stage.end(login(1), LoginEvent::Denied, late).await, late), ExpiryReason::Timeout);
    assert_eq!(stage.find(login(1)).await, None);
}

pub(crate) async fn a_pending_link_goes_before_the_unionid_and_shows_the_conflict(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    stage.first(Scan { union: Some(union("uTwin")), ..in_shop(login(2), "oBertShop") }).await;
    let bert = stage.bound(binding(login(2), 2)).await.1;
    let scan = Scan { app: app("mini"), union: Some(union("uTwin")), ..scan(login(1), "oTwin") };
    assert_eq!(account_of(&stage.first(scan).await.login), account);
    for concerned in [account, bert] {
        let found = AuditEntry {
            at: at(1),
            kind: AuditKind::ConflictFound,
            account: concerned,
            login: Some(login(1)),
        };
        assert!(stage.entries(concerned).await.contains(&found));
    }
}

pub(crate) async fn of_many_users_of_one_app_to_be_linked_at_once_one_is(stage: DatabaseStage) {
    let account = stage.register(login(100), "oAnna", 100).await;
    for number in 0..16 {
        stage.add_pending_link(login(number), account).await;
    }
    let scans = (0..16).map(|number| {
        let stage = stage.clone();
        async move { stage.take(in_shop(login(number), &format!("oPerson{number}"))).await }
    });
    let taken = all_at_once(scans).await;
    let linked = taken.iter().filter(|taken| matches!(taken, ScanTaken::First(record) if record.known));
    assert_eq!(linked.count(), 1, "{taken:?}");
    let refused = taken.iter().filter(|taken| matches!(taken, ScanTaken::LinkRefused(_)));
    assert_eq!(refused.count(), 15, "{taken:?}");
    assert_eq!(stage.openids(account).await.len(), 2);
}

pub(crate) async fn of_many_persons_scanning_one_pending_link_at_once_one_is_first(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let scans = (0..16).map(|number| {
        let stage = stage.clone();
        async move { stage.take(in_shop(login(1), &format!("oPerson{number}"))).await }
    });
    let taken = all_at_once(scans).await;
    assert_eq!(taken.iter().filter(|taken| matches!(taken, ScanTaken::First(_))).count(), 1, "{taken:?}");
    assert_eq!(taken.iter().filter(|taken| **taken == ScanTaken::ByAnother).count(), 15, "{taken:?}");
    assert_eq!(stage.openids(account).await.len(), 2);
}

pub(crate) async fn a_linking_scan_and_a_cancellation_at_once_agree(stage: DatabaseStage) {
    let account = stage.register(login(100), "oAnna", 100).await;
    for number in 0..16 {
        stage.add_pending_link(login(number), account).await;
        let (scanning, ending) = (stage.clone(), stage.clone());
        let shop = app(&format!("app-{number}"));
        let (taken, ended) = tokio::join!(
            tokio::spawn(async move { scanning.take(Scan { app: shop, ..scan(login(number), "oA") }).await }),
            tokio::spawn(async move { ending.end(login(number), LoginEvent::Cancelled, at(1)).await }),
        );
        let ended = ended.expect("no panic");
        assert_eq!(stage.login(login(number)).await, ended);
        match taken.expect("no panic") {
            ScanTaken::First(record) => assert_eq!(record.login, ended, "registered logins stay so"),
            ScanTaken::Over(reason) => {
                assert_eq!((reason, reason_of(&ended, at(1))), (ExpiryReason::Cancelled, reason));
            }
            other => panic!("no other person scanned: {other:?}"),
        }
    }
}

pub(crate) async fn a_pending_link_goes_a_day_after_the_logins_deadline(stage: DatabaseStage) {
    let account = anna_with_pending_link(&stage, 1).await;
    let bert = stage.register(login(101), "oBert", 101).await;
    let other = PendingLink { login: login(1), account: bert, at: at(0) };
    let gone = login(1).deadline().plus(LOGIN_KEPT_FOR);
    stage.prune_all(gone.minus(Duration::from_secs(1))).await;
    assert!(stage.logins.add_pending_link(other.clone()).await.is_err(), "it is still Anna's");
    stage.prune_all(gone.plus(Duration::from_secs(1))).await;
    assert_eq!(stage.logins.add_pending_link(other).await, Ok(()));
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}
