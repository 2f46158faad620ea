//! Binding phone numbers.

use std::time::Duration;

use saoma_domain::{
    account::{Account, Identity},
    login::{Channel, ExpiryReason, Login, LoginEvent, LoginState},
    ports::{AuditKind, Binding, Bound, Scan, ScanTaken},
    wechat::Profile,
};

use super::{
    DatabaseStage,
    stage::{account_of, identity_of, reason_of},
};
use crate::{
    all_at_once,
    values::{BIND_WINDOW, COLLECT_WINDOW, app, at, binding, login, openid, phone, proof, scan},
};

pub(crate) async fn a_new_phone_makes_an_account(stage: DatabaseStage) {
    let record = stage.first(scan(login(1), "oAnna")).await;
    let binding = binding(login(1), 1);
    let id = binding.new_account;
    let (registered, _) = stage.bound(binding).await;

    let state = LoginState::Registered { account: id, since: at(2), collect_by: at(2).plus(COLLECT_WINDOW) };
    assert_eq!(registered, Login { id: login(1), version: 3, state });
    assert_eq!(stage.login(login(1)).await, registered);
    let account = Account::new(id, Some(phone(1).number().clone()), at(2));
    assert_eq!(stage.accounts.account(id).await, Ok(Some(account)));
    let identity = Identity {
        id: record.identity,
        app: app("main"),
        channel: Channel::OfficialAccount,
        openid: openid("oAnna"),
        union: None,
        account: Some(id),
        profile: Profile::default(),
        unsubscribed_at: None,
    };
    assert_eq!(stage.accounts.identities(id).await, Ok(vec![identity]));
}

pub(crate) async fn a_known_phone_adds_the_identity_to_its_account(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.first(Scan { app: app("shop"), ..scan(login(2), "oOfTheShop") }).await;
    let second = binding(login(2), 1);
    let spare = second.new_account;
    assert_eq!(stage.bound(second).await.1, account);
    assert_eq!(stage.openids(account).await, [openid("oAnna"), openid("oOfTheShop")]);
    assert!(!stage.has_account(spare).await);
}

pub(crate) async fn a_bound_person_is_known_from_then_on(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let record = stage.first(scan(login(2), "oAnna")).await;
    assert!(record.known);
    assert_eq!(account_of(&record.login), account);
}

pub(crate) async fn a_second_user_of_the_same_app_cannot_take_a_phone(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let waiting = stage.first(scan(login(2), "oBert")).await.login;
    assert_eq!(stage.bind(binding(login(2), 1)).await, Bound::PhoneTaken);

    assert_eq!(stage.login(login(2)).await, waiting);
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
    assert_ne!(stage.bound(binding(login(2), 2)).await.1, account, "another number is welcome");
}

pub(crate) async fn a_repetition_with_the_same_proof_gets_the_same_answer(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let (registered, account) = stage.bound(binding(login(1), 1)).await;
    for later in [at(2), at(30), at(2).plus(BIND_WINDOW).plus(BIND_WINDOW)] {
        let again = Binding { at: later, ..binding(login(1), 1) };
        let spare = again.new_account;
        assert_eq!(stage.bind(again).await, Bound::Registered(registered.clone()));
        assert!(!stage.has_account(spare).await);
    }
    assert_eq!(stage.openids(account).await.len(), 1);
}

pub(crate) async fn another_proof_is_refused_once_registered(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let (registered, _) = stage.bound(binding(login(1), 1)).await;
    for other in [binding(login(1), 2), Binding { proof: proof(99), ..binding(login(1), 1) }] {
        assert_eq!(stage.bind(other).await, Bound::Refused(registered.clone()));
    }
    assert_eq!(stage.login(login(1)).await, registered);
}

pub(crate) async fn a_login_registered_by_its_scan_takes_no_binding(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let registered = stage.first(scan(login(2), "oAnna")).await.login;
    assert_eq!(stage.bind(binding(login(2), 1)).await, Bound::Refused(registered.clone()));
    assert_eq!(stage.bind(binding(login(2), 2)).await, Bound::Refused(registered));
}

pub(crate) async fn nothing_is_bound_after_the_deadline(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let deadline = at(1).plus(BIND_WINDOW);
    let late = Binding { at: deadline, ..binding(login(1), 1) };
    let spare = late.new_account;
    match stage.bind(late).await {
        Bound::Refused(login) => assert_eq!(reason_of(&login, deadline), ExpiryReason::Timeout),
        other => panic!("not refused: {other:?}"),
    }
    assert_eq!(reason_of(&stage.login(login(1)).await, deadline), ExpiryReason::Timeout);
    assert!(!stage.has_account(spare).await);

    stage.first(scan(login(2), "oBert")).await;
    let just_in_time = deadline.minus(Duration::from_millis(1));
    stage.bound(Binding { at: just_in_time, ..binding(login(2), 1) }).await;
}

pub(crate) async fn nothing_is_bound_to_a_cancelled_login(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let cancelled = stage.end(login(1), LoginEvent::Cancelled, at(2)).await;
    let binding = binding(login(1), 1);
    let spare = binding.new_account;
    assert_eq!(stage.bind(binding).await, Bound::Refused(cancelled));
    assert!(!stage.has_account(spare).await);
}

pub(crate) async fn a_login_that_nobody_scanned_takes_no_binding(stage: DatabaseStage) {
    let binding = binding(login(1), 1);
    let spare = binding.new_account;
    assert_eq!(stage.bind(binding).await, Bound::Refused(Login::new(login(1))));
    assert_eq!(stage.find(login(1)).await, None);
    assert!(!stage.has_account(spare).await);
}

pub(crate) async fn a_refused_login_is_shown_as_it_stands_at_that_moment(stage: DatabaseStage) {
    let account = stage.register(login(100), "oAnna", 100).await;
    stage.add_pending_link(login(2), account).await;
    stage.first(scan(login(3), "oBert")).await;
    let late = at(1).plus(BIND_WINDOW);
    for number in [1, 2, 3] {
        let refused = stage.bind(Binding { at: late, ..binding(login(number), 1) }).await;
        let before = stage.find(login(number)).await.map(|record| record.login);
        let before = before.unwrap_or_else(|| Login::new(login(number)));
        assert_eq!(refused, Bound::Refused(before.at(late)), "login {number}");
        assert!(matches!(refused, Bound::Refused(login) if login.state.is_final()));
    }
}

pub(crate) async fn an_identity_that_was_bound_meanwhile_keeps_its_account(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    stage.first(scan(login(2), "oAnna")).await;
    let account = stage.bound(binding(login(1), 1)).await.1;
    let second = binding(login(2), 2);
    let spare = second.new_account;
    let (registered, leads_to) = stage.bound(second).await;
    assert_eq!(leads_to, account);
    assert!(!stage.has_account(spare).await, "the second number is free");
    assert_eq!(stage.bind(binding(login(2), 2)).await, Bound::Registered(registered));
    assert_eq!(stage.kinds(account).await, [AuditKind::AccountCreated, AuditKind::IdentityLinked]);

    let bert = stage.register(login(3), "oBert", 2).await;
    assert_ne!(bert, account);
}

pub(crate) async fn a_bound_identity_does_not_compete_for_a_phone(stage: DatabaseStage) {
    let bert = stage.register(login(1), "oBert", 2).await;
    stage.first(scan(login(2), "oAnna")).await;
    stage.first(scan(login(3), "oAnna")).await;
    let anna = stage.bound(binding(login(2), 1)).await.1;
    assert_eq!(
        stage.bound(binding(login(3), 2)).await.1,
        anna,
        "the number of Bert's account changes nothing"
    );
    assert_eq!(stage.openids(bert).await, [openid("oBert")]);
}

pub(crate) async fn users_of_many_apps_binding_one_phone_at_once_share_one_account(stage: DatabaseStage) {
    for n in 0..16 {
        stage.first(Scan { app: app(&format!("app-{n}")), ..scan(login(n), "oAnna") }).await;
    }
    let bindings = (0..16).map(|n| {
        let stage = stage.clone();
        async move { stage.bound(binding(login(n), 1)).await.1 }
    });
    let accounts = all_at_once(bindings).await;
    assert!(accounts.iter().all(|account| *account == accounts[0]), "{accounts:?}");
    assert_eq!(stage.openids(accounts[0]).await.len(), 16);
    let mut kinds = stage.kinds(accounts[0]).await;
    assert_eq!(kinds.remove(0), AuditKind::AccountCreated);
    assert_eq!(kinds, [AuditKind::IdentityLinked; 16]);
}

pub(crate) async fn of_many_users_of_one_app_binding_one_phone_at_once_one_gets_it(stage: DatabaseStage) {
    for n in 0..16 {
        stage.first(scan(login(n), &format!("oPerson{n}"))).await;
    }
    let bindings = (0..16).map(|n| {
        let stage = stage.clone();
        async move { stage.bind(binding(login(n), 1)).await }
    });
    let bound = all_at_once(bindings).await;
    let winners: Vec<_> = bound.iter().filter(|bound| matches!(bound, Bound::Registered(_))).collect();
    assert_eq!(winners.len(), 1, "{bound:?}");
    let losers = bound.iter().filter(|bound| **bound == Bound::PhoneTaken).count();
    assert_eq!(losers, 15, "{bound:?}");
    for (n, bound) in (0..).zip(&bound) {
        match bound {
            Bound::Registered(login) | Bound::ByNumberAlone(login) => {
                assert_eq!(stage.openids(account_of(login)).await, [openid(&format!("oPerson{n}"))]);
            }
            Bound::PhoneTaken | Bound::RegistrationClosed | Bound::ConsentMissing | Bound::Refused(_) => {
                identity_of(&stage.login(login(n)).await);
            }
        }
    }
}

pub(crate) async fn one_binding_repeated_at_once_has_one_effect(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let bindings = (0..16).map(|_| {
        let stage = stage.clone();
        async move { stage.bound(binding(login(1), 1)).await }
    });
    let bound = all_at_once(bindings).await;
    let (registered, account) = &bound[0];
    assert!(bound.iter().all(|each| *each == (registered.clone(), *account)), "{bound:?}");
    assert_eq!(stage.kinds(*account).await, [AuditKind::AccountCreated, AuditKind::IdentityLinked]);
}

pub(crate) async fn two_logins_of_one_person_bound_at_once_lead_to_one_account(stage: DatabaseStage) {
    for n in 0..16 {
        stage.first(scan(login(n), "oAnna")).await;
    }
    let bindings = (0_u32..16).map(|n| {
        let stage = stage.clone();
        async move { stage.bound(binding(login(n.into()), n)).await.1 }
    });
    let accounts = all_at_once(bindings).await;
    assert!(accounts.iter().all(|account| *account == accounts[0]), "{accounts:?}");
    assert_eq!(stage.openids(accounts[0]).await.len(), 1);
    assert_eq!(stage.kinds(accounts[0]).await, [AuditKind::AccountCreated, AuditKind::IdentityLinked]);
    assert!(matches!(stage.take(scan(login(99), "oAnna")).await, ScanTaken::First(record) if record.known));
}
