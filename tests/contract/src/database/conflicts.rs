//! Accounts that turn out to be one person's.

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::LoginId,
    ports::{AuditEntry, AuditKind, Removal, Removed, Scan, UnionIdLink},
    time::Timestamp,
};

use super::DatabaseStage;
use crate::values::{app, at, binding, link, login, new_session_id, openid, scan, union, union_within};

/// Makes an account by an app, with the phone number of the login's number.
async fn account(stage: &DatabaseStage, number: u64, app_name: &str) -> (AccountId, IdentityId) {
    let person = format!("oPerson{number}");
    let identity = stage.first(Scan { app: app(app_name), ..scan(login(number), &person) }).await.identity;
    let phone = u32::try_from(number).expect("small numbers");
    (stage.bound(binding(login(number), phone)).await.1, identity)
}

/// Returns the identities that conflict with other accounts, with those.
async fn conflicts(stage: &DatabaseStage, of: AccountId) -> Vec<(IdentityId, AccountId)> {
    let conflicts = stage.accounts.conflicts(of).await.expect("the store works");
    conflicts.into_iter().map(|conflict| (conflict.identity.id, conflict.other.id)).collect()
}

async fn noted(stage: &DatabaseStage, account: AccountId) -> Vec<(Timestamp, Option<LoginId>)> {
    let is_conflict = |entry: &AuditEntry| entry.kind == AuditKind::ConflictFound;
    let entries = stage.entries(account).await.into_iter().filter(is_conflict);
    entries.map(|entry| (entry.at, entry.login)).collect()
}

pub(crate) async fn a_conflict_found_by_a_link_is_noted_in_both_trails_and_moves_nobody(
    stage: DatabaseStage,
) {
    let (older, first) = account(&stage, 1, "main").await;
    let (newer, second) = account(&stage, 2, "shop").await;
    assert_eq!(stage.link(link(login(1), first, "uAnna")).await, None);
    assert_eq!((noted(&stage, older).await, noted(&stage, newer).await), (vec![], vec![]));

    for _ in 0..2 {
        assert_eq!(stage.link(link(login(2), second, "uAnna")).await, None);
        for account in [older, newer] {
            assert_eq!(noted(&stage, account).await, [(at(2), Some(login(2)))]);
        }
    }
    assert_eq!(stage.openids(older).await, [openid("oPerson1")]);
    assert_eq!(stage.openids(newer).await, [openid("oPerson2")]);
}

pub(crate) async fn a_conflict_found_by_a_scan_is_noted_in_both_trails_and_moves_nobody(
    stage: DatabaseStage,
) {
    let (older, first) = account(&stage, 1, "main").await;
    let (newer, second) = account(&stage, 2, "shop").await;
    stage.link(link(login(1), first, "uAnna")).await;
    for number in [3, 4] {
        let scan = Scan {
            app: app("shop"),
            union: Some(union("uAnna")),
            at: at(number),
            ..scan(login(number), "oPerson2")
        };
        let record = stage.first(scan).await;
        assert!(record.known && record.has_union);
        assert_eq!(stage.identity(second).await.and_then(|identity| identity.account), Some(newer));
        for account in [older, newer] {
            assert_eq!(noted(&stage, account).await, [(at(3), Some(login(3)))]);
        }
    }
}

pub(crate) async fn a_conflict_is_listed_for_both_accounts(stage: DatabaseStage) {
    let (older, first) = account(&stage, 1, "main").await;
    let (newer, second) = account(&stage, 2, "shop").await;
    stage.link(link(login(1), first, "uAnna")).await;
    assert_eq!(conflicts(&stage, older).await, []);
    stage.link(link(login(2), second, "uAnna")).await;
    assert_eq!(conflicts(&stage, older).await, [(first, newer)]);
    assert_eq!(conflicts(&stage, newer).await, [(second, older)]);

    let listed = stage.accounts.conflicts(older).await.expect("the store works").remove(0);
    assert_eq!(Some(listed.identity), stage.identity(first).await);
    assert_eq!(Ok(Some(listed.other)), stage.accounts.account(newer).await);
}

pub(crate) async fn identities_of_one_account_are_no_conflict(stage: DatabaseStage) {
    let (account_id, first) = account(&stage, 1, "main").await;
    stage.link(link(login(1), first, "uAnna")).await;
    let scan = Scan { app: app("shop"), union: Some(union("uAnna")), ..scan(login(2), "oAnnaShop") };
    stage.first(scan).await;
    assert_eq!(stage.openids(account_id).await.len(), 2);
    assert_eq!(conflicts(&stage, account_id).await, []);
    assert_eq!(noted(&stage, account_id).await, []);
    // Nor is one that waits for a phone number.
    let old_phone = Scan { union: Some(union("uAnna")), ..crate::values::scan(login(3), "oAnnasOldPhone") };
    stage.first(old_phone).await;
    assert_eq!(conflicts(&stage, account_id).await, []);
}

pub(crate) async fn unionids_of_two_open_accounts_are_no_conflict(stage: DatabaseStage) {
    let (one, first) = account(&stage, 1, "main").await;
    let (other, second) = account(&stage, 2, "shop").await;
    stage.link(link(login(1), first, "uAnna")).await;
    let elsewhere = UnionIdLink { union: union_within("other", "uAnna"), ..link(login(2), second, "uAnna") };
    stage.link(elsewhere).await;
    for account in [one, other] {
        assert_eq!(conflicts(&stage, account).await, []);
        assert_eq!(noted(&stage, account).await, []);
    }
}

pub(crate) async fn an_account_that_knows_a_person_twice_is_listed_once(stage: DatabaseStage) {
    let (twice, first) = account(&stage, 1, "main").await;
    let (once, own) = account(&stage, 2, "main").await;
    stage.link(link(login(1), first, "uAnna")).await;
    let scan =
        Scan { app: app("shop"), union: Some(union("uAnna")), at: at(9), ..scan(login(3), "oAnnaShop") };
    let second = stage.first(scan).await.identity;
    stage.link(link(login(2), own, "uAnna")).await;
    assert_eq!(conflicts(&stage, once).await, [(own, twice)]);
    assert_eq!(conflicts(&stage, twice).await, [(first, once), (second, once)]);
    assert_eq!(noted(&stage, twice).await.len(), 1);
}

pub(crate) async fn a_conflict_is_over_when_the_identity_was_removed(stage: DatabaseStage) {
    let (older, first) = account(&stage, 1, "main").await;
    let (newer, second) = account(&stage, 2, "shop").await;
    stage.first(Scan { app: app("mini"), ..scan(login(3), "oPerson2") }).await;
    stage.bound(binding(login(3), 2)).await;
    stage.link(link(login(1), first, "uAnna")).await;
    stage.link(link(login(2), second, "uAnna")).await;
    let asked_by = new_session_id(at(9));
    let removal = Removal { account: newer, identity: second, asked_by, at: at(9) };
    assert_eq!(stage.accounts.remove_identity(removal).await, Ok(Removed::Done { ended: vec![] }));
    assert_eq!(conflicts(&stage, older).await, []);
    assert_eq!(conflicts(&stage, newer).await, []);
}

pub(crate) async fn at_most_a_hundred_conflicts_are_listed(stage: DatabaseStage) {
    let (known, first) = account(&stage, 1000, "main").await;
    stage.link(link(login(1000), first, "uAnna")).await;
    for number in 0..101 {
        let (_, identity) = account(&stage, number, "shop").await;
        stage.link(link(login(number), identity, "uAnna")).await;
    }
    let listed = conflicts(&stage, known).await;
    assert_eq!(listed.len(), 100);
    assert!(listed.iter().all(|(identity, other)| *identity == first && *other != known));
}
