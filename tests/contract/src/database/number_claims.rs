//! What a number says, where an account has it already.

use std::time::Duration;

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::LoginId,
    ports::{Binding, Bound, NewSession, PhoneChanged, Removal, Removed, Scan},
    rules::PROBATION,
    session::SessionId,
    time::Timestamp,
    wechat::{OpenAccount, UnionId},
};

use super::DatabaseStage;
use crate::values::{
    app, at, binding, link, login, new_session, openid, phone_change_at, scan, token_hash, union,
};

fn in_shop(login: LoginId, person: &str, union: Option<UnionId>) -> Scan {
    Scan { app: app("shop"), union, ..scan(login, person) }
}

/// Lets somebody of the shop come to Anna's account by her number; returns the session that they get.
async fn newcomer(stage: &DatabaseStage, account: AccountId) -> (SessionId, IdentityId) {
    let identity = stage.first(in_shop(login(2), "oBert", None)).await.identity;
    assert_eq!(stage.bound(binding(login(2), 1)).await.1, account);
    (stage.open(new_session(login(2), account, 2)).await.active.session.id, identity)
}

async fn remove(
    stage: &DatabaseStage,
    account: AccountId,
    identity: IdentityId,
    asked_by: SessionId,
    at: Timestamp,
) -> Removed {
    let removal = Removal { account, identity, asked_by, at };
    stage.accounts.remove_identity(removal).await.expect("the store works")
}

async fn change(stage: &DatabaseStage, account: AccountId, asked_by: LoginId, at: Timestamp) -> PhoneChanged {
    let change = phone_change_at(account, 9, asked_by, at);
    stage.accounts.change_phone(change).await.expect("the store works")
}

async fn notices(stage: &DatabaseStage, account: AccountId, at: Timestamp) -> Vec<IdentityId> {
    let waiting = stage.accounts.notices_of_account(account, at).await.expect("the store works");
    waiting.into_iter().map(|identity| identity.id).collect()
}

async fn notice_of_anna(stage: &DatabaseStage, at: Timestamp) -> Option<IdentityId> {
    stage.accounts.notice_of(&app("main"), &openid("oAnna"), at).await.expect("the store works")
}

pub(crate) async fn a_number_leads_nobody_to_the_account_of_another_person(stage: DatabaseStage) {
    let (account, anna) = stage.anna().await;
    stage.link(link(login(1), anna, "uAnna")).await;
    let waiting = stage.first(in_shop(login(2), "oBert", Some(union("uBert")))).await.login;
    assert_eq!(stage.bind(binding(login(2), 1)).await, Bound::PhoneTaken);
    assert_eq!(stage.login(login(2)).await, waiting);
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
    assert_eq!(notices(&stage, account, at(3)).await, []);
}

pub(crate) async fn a_unionid_of_another_open_platform_account_says_nothing(stage: DatabaseStage) {
    let (account, anna) = stage.anna().await;
    stage.link(link(login(1), anna, "uAnna")).await;
    let open_account = OpenAccount::parse("second").expect("a name");
    stage.first(in_shop(login(2), "oBert", Some(UnionId { open_account, ..union("uBert") }))).await;
    assert_eq!(stage.bound(binding(login(2), 1)).await.1, account);
    assert_eq!(notices(&stage, account, at(3)).await, [anna]);
}

pub(crate) async fn the_unionid_of_the_account_says_that_it_is_the_owner(stage: DatabaseStage) {
    let (account, anna) = stage.anna().await;
    stage.first(in_shop(login(2), "oAnnaShop", Some(union("uAnna")))).await;
    stage.link(link(login(1), anna, "uAnna")).await;
    assert_eq!(stage.bound(binding(login(2), 1)).await.1, account);
    let session = stage.open(new_session(login(2), account, 2)).await.active.session.id;
    assert_eq!(notices(&stage, account, at(3)).await, []);
    assert!(matches!(remove(&stage, account, anna, session, at(9)).await, Removed::Done { .. }));
}

pub(crate) async fn who_came_by_the_number_alone_changes_no_way_in_for_a_week(stage: DatabaseStage) {
    let (account, anna) = stage.anna().await;
    let (session, bert) = newcomer(&stage, account).await;
    let over = at(2).plus(PROBATION);
    for early in [at(3), over.minus(Duration::from_millis(1))] {
        assert_eq!(remove(&stage, account, anna, session, early).await, Removed::OnProbation);
        assert_eq!(change(&stage, account, login(2), early).await, PhoneChanged::OnProbation);
    }
    let annas = stage.open(new_session(login(1), account, 1)).await.active.session.id;
    assert_eq!(change(&stage, account, login(1), at(4)).await, PhoneChanged::Done, "the owner may");
    assert_eq!(change(&stage, account, login(2), over).await, PhoneChanged::Done);
    assert!(matches!(remove(&stage, account, anna, session, over).await, Removed::Done { .. }));
    assert_eq!(remove(&stage, account, bert, annas, over).await, Removed::LastOne);
}

pub(crate) async fn who_came_by_the_number_alone_may_go_again(stage: DatabaseStage) {
    let (account, _) = stage.anna().await;
    let (session, bert) = newcomer(&stage, account).await;
    let removed = remove(&stage, account, bert, session, at(3)).await;
    assert_eq!(removed, Removed::Done { ended: vec![token_hash(2)] }, "also the session that asked");
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}

pub(crate) async fn what_joins_an_account_on_probation_is_on_probation_too(stage: DatabaseStage) {
    let (account, anna) = stage.anna().await;
    let (_, bert) = newcomer(&stage, account).await;
    stage.link(link(login(2), bert, "uBert")).await;
    stage.first(Scan { app: app("site"), ..in_shop(login(3), "oBertSite", Some(union("uBert"))) }).await;
    stage.add_pending_link(login(4), account).await;
    stage.first(Scan { app: app("mini"), ..scan(login(4), "oBertMini") }).await;
    for number in [3, 4] {
        let session = stage.open(new_session(login(number), account, number)).await.active.session.id;
        assert_eq!(remove(&stage, account, anna, session, at(9)).await, Removed::OnProbation);
        assert_eq!(change(&stage, account, login(number), at(9)).await, PhoneChanged::OnProbation);
    }
}

pub(crate) async fn a_unionid_that_comes_late_leaves_a_stranger_on_probation_for_ever(stage: DatabaseStage) {
    let (account, anna) = stage.anna().await;
    stage.link(link(login(1), anna, "uAnna")).await;
    let (session, bert) = newcomer(&stage, account).await;
    stage.link(link(login(2), bert, "uBert")).await;
    let years_later = at(2).plus(100 * PROBATION);
    assert_eq!(remove(&stage, account, anna, session, years_later).await, Removed::OnProbation);
    assert_eq!(change(&stage, account, login(2), years_later).await, PhoneChanged::OnProbation);
}

pub(crate) async fn the_others_have_a_notice_until_a_minute_after_they_were_told(stage: DatabaseStage) {
    let (account, anna) = stage.anna().await;
    assert_eq!(notices(&stage, account, at(2)).await, []);
    newcomer(&stage, account).await;
    let month_later = at(30 * 24 * 60 * 60);
    assert_eq!(notices(&stage, account, month_later).await, [anna]);
    assert_eq!(notice_of_anna(&stage, month_later).await, Some(anna));

    for told in [month_later, month_later.plus(Duration::from_secs(9))] {
        stage.accounts.note_told(anna, told).await.expect("the store works");
    }
    let over = month_later.plus(Duration::from_secs(60));
    assert_eq!(notice_of_anna(&stage, over.minus(Duration::from_millis(1))).await, Some(anna));
    assert_eq!(notice_of_anna(&stage, over).await, None);
    assert_eq!(notices(&stage, account, over).await, []);
}

pub(crate) async fn a_scan_tells_the_notice_and_its_repetition_tells_it_too(stage: DatabaseStage) {
    let (account, _) = stage.anna().await;
    newcomer(&stage, account).await;
    let first = scan(login(5), "oAnna");
    assert!(stage.first(first.clone()).await.has_notice);
    let again = Scan { at: first.at.plus(Duration::from_secs(15)), ..first };
    let repeated = stage.take(again).await;
    assert!(matches!(repeated, saoma_domain::ports::ScanTaken::Again(record) if record.has_notice));
    let later = Scan { at: at(99), ..scan(login(6), "oAnna") };
    assert!(!stage.first(later).await.has_notice);
}

pub(crate) async fn a_number_does_not_lead_to_an_account_that_was_not_seen_for_long(stage: DatabaseStage) {
    let (account, _) = stage.anna().await;
    stage.first(in_shop(login(2), "oBert", None)).await;
    let strict = Binding { seen_since: Some(at(4)), ..binding(login(2), 1) };
    assert_eq!(stage.bind(strict.clone()).await, Bound::PhoneTaken);
    let session = stage.open(new_session(login(1), account, 1)).await.active.session.id;
    assert_eq!(stage.bind(strict.clone()).await, Bound::PhoneTaken, "its session is as old");
    stage.sessions.touch(session, at(5)).await.expect("the store works");
    assert_eq!(stage.bound(strict).await.1, account, "its session was used since");
}

pub(crate) async fn a_login_of_the_owner_counts_as_seen_also_when_its_session_has_ended(
    stage: DatabaseStage,
) {
    let (account, _) = stage.anna().await;
    let next_day = at(24 * 60 * 60 + 2);
    let session =
        stage.open(NewSession { at: next_day, ..new_session(login(1), account, 1) }).await.active.session.id;
    stage.sessions.end(account, session, next_day).await.expect("the store works");
    stage.first(in_shop(login(2), "oBert", None)).await;
    let strict = Binding { seen_since: Some(next_day), ..binding(login(2), 1) };
    assert_eq!(stage.bound(strict).await.1, account);
}
