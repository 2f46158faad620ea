//! Changing the phone number of an account.

use saoma_domain::{
    account::AccountId,
    ports::{AuditEntry, AuditKind, PhoneChanged, Scan},
};

use super::DatabaseStage;
use crate::{
    all_at_once, patiently,
    values::{app, at, binding, login, new_account_id, phone, phone_change, scan},
};

async fn change(stage: &DatabaseStage, account: AccountId, number: u32) -> PhoneChanged {
    patiently(|| stage.accounts.change_phone(phone_change(account, number))).await
}

async fn has_phone(stage: &DatabaseStage, account: AccountId, number: u32) -> bool {
    let account = stage.accounts.account(account).await.expect("the store works");
    account.expect("it is there").phone.as_ref() == Some(phone(number).number())
}

pub(crate) async fn a_phone_number_can_be_changed(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    assert_eq!(change(&stage, account, 2).await, PhoneChanged::Done);
    assert!(has_phone(&stage, account, 2).await);
    let changed = AuditEntry { at: at(9), kind: AuditKind::PhoneChanged, account, login: None };
    assert_eq!(stage.entries(account).await.last(), Some(&changed));

    stage.first(Scan { app: app("shop"), ..scan(login(11), "oAnnaShop") }).await;
    assert_eq!(stage.bound(binding(login(11), 2)).await.1, account, "the new number leads to her");
    let stranger = stage.register(login(12), "oBert", 1).await;
    assert_ne!(stranger, account, "the old one is free");
}

pub(crate) async fn a_number_that_the_account_has_changes_nothing(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let before = stage.entries(account).await;
    assert_eq!(change(&stage, account, 1).await, PhoneChanged::Done);
    assert_eq!(stage.entries(account).await, before);
}

pub(crate) async fn a_number_of_another_account_is_taken(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let bert = stage.register(login(50), "oBert", 50).await;
    let before = stage.entries(account).await;
    assert_eq!(change(&stage, account, 50).await, PhoneChanged::Taken);
    assert!(has_phone(&stage, account, 1).await && has_phone(&stage, bert, 50).await);
    assert_eq!(stage.entries(account).await, before);
}

pub(crate) async fn a_number_of_an_unknown_account_cannot_be_changed(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    // Hers, and one that no account has.
    for number in [1, 2] {
        assert!(stage.accounts.change_phone(phone_change(new_account_id(at(1)), number)).await.is_err());
    }
}

pub(crate) async fn of_many_accounts_that_want_one_number_at_once_one_gets_it(stage: DatabaseStage) {
    let mut accounts = Vec::new();
    for number in 0..16_u32 {
        accounts.push(stage.register(login(number.into()), &format!("oPerson{number}"), number).await);
    }
    let changes = accounts.clone().into_iter().map(|account| {
        let stage = stage.clone();
        async move { change(&stage, account, 99).await }
    });
    let changed = all_at_once(changes).await;
    assert_eq!(changed.iter().filter(|changed| **changed == PhoneChanged::Done).count(), 1, "{changed:?}");
    let winner = changed.iter().position(|changed| *changed == PhoneChanged::Done).expect("one gets it");
    for (number, account) in (0..).zip(accounts) {
        let expected = if number == winner { 99 } else { u32::try_from(number).expect("small numbers") };
        assert!(has_phone(&stage, account, expected).await);
    }
}

pub(crate) async fn many_changes_of_one_account_at_once_are_all_made(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let changes = (10..18).map(|number| {
        let stage = stage.clone();
        async move { change(&stage, account, number).await }
    });
    assert_eq!(all_at_once(changes).await, [PhoneChanged::Done; 8]);
    let kinds = stage.kinds(account).await;
    assert_eq!(kinds.iter().filter(|kind| **kind == AuditKind::PhoneChanged).count(), 8);
}
