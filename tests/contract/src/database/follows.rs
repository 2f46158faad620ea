//! Whether people follow an official account.

use std::time::Duration;

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::Channel,
    ports::{AuditEntry, AuditKind, FollowChange, Scan},
    time::Timestamp,
};

use super::DatabaseStage;
use crate::{
    all_at_once, patiently,
    values::{app, at, binding, login, openid, scan},
};

fn noted(person: &str, subscribed: bool, secs: u64) -> FollowChange {
    FollowChange { app: app("main"), openid: openid(person), subscribed, at: at(secs) }
}

async fn note(stage: &DatabaseStage, subscription: FollowChange) -> Option<AccountId> {
    patiently(|| stage.accounts.record_follow(subscription.clone())).await
}

async fn unsubscribed_at(stage: &DatabaseStage, identity: IdentityId) -> Option<Timestamp> {
    stage.identity(identity).await.expect("it was made").unsubscribed_at
}

pub(crate) async fn who_stops_following_is_marked_since_then(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    let before = stage.entries(account).await;
    for secs in [7, 8] {
        assert_eq!(note(&stage, noted("oAnna", false, secs)).await, Some(account));
        assert_eq!(unsubscribed_at(&stage, identity).await, Some(at(7)), "a repetition changes nothing");
    }
    let entry = AuditEntry { at: at(7), kind: AuditKind::Unfollowed, account, login: None };
    assert_eq!(stage.entries(account).await[before.len()..], [entry]);
}

pub(crate) async fn who_follows_again_is_not_marked_any_more(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    note(&stage, noted("oAnna", false, 7)).await;
    let before = stage.entries(account).await;
    for secs in [8, 9] {
        assert_eq!(note(&stage, noted("oAnna", true, secs)).await, Some(account));
        assert_eq!(unsubscribed_at(&stage, identity).await, None);
    }
    assert_eq!(stage.entries(account).await, before);
}

pub(crate) async fn who_followed_before_stays_marked(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    note(&stage, noted("oAnna", false, 7)).await;
    assert_eq!(note(&stage, noted("oAnna", true, 6)).await, Some(account));
    assert_eq!(unsubscribed_at(&stage, identity).await, Some(at(7)), "the news come in any order");
    note(&stage, noted("oAnna", true, 7)).await;
    assert_eq!(unsubscribed_at(&stage, identity).await, None);
}

pub(crate) async fn who_scans_follows_again(stage: DatabaseStage) {
    let (_, identity) = stage.anna().await;
    note(&stage, noted("oAnna", false, 7)).await;
    let inside = Scan { channel: Channel::InWechat, at: at(8), ..scan(login(2), "oAnna") };
    assert_eq!(stage.first(inside).await.identity, identity);
    assert_eq!(unsubscribed_at(&stage, identity).await, Some(at(7)), "one can authorize without following");
    stage.first(Scan { at: at(9), ..scan(login(3), "oAnna") }).await;
    assert_eq!(unsubscribed_at(&stage, identity).await, None);
}

pub(crate) async fn a_person_without_an_account_is_marked_too(stage: DatabaseStage) {
    let identity = stage.first(scan(login(1), "oAnna")).await.identity;
    assert_eq!(note(&stage, noted("oAnna", false, 7)).await, None);
    assert_eq!(unsubscribed_at(&stage, identity).await, Some(at(7)));
    let account = stage.bound(binding(login(1), 1)).await.1;
    assert_eq!(unsubscribed_at(&stage, identity).await, Some(at(7)));
    assert_eq!(stage.kinds(account).await, [AuditKind::AccountCreated, AuditKind::IdentityLinked]);
}

pub(crate) async fn a_person_who_was_never_seen_is_not_made(stage: DatabaseStage) {
    let (_, identity) = stage.anna().await;
    assert_eq!(note(&stage, noted("oBert", false, 7)).await, None);
    let elsewhere = FollowChange { app: app("shop"), ..noted("oAnna", false, 7) };
    assert_eq!(note(&stage, elsewhere).await, None);
    assert_eq!(unsubscribed_at(&stage, identity).await, None);
    let first = scan(login(2), "oBert");
    let new = first.new_identity;
    assert_eq!(stage.first(first).await.identity, new);
    assert_eq!(unsubscribed_at(&stage, new).await, None);
}

pub(crate) async fn one_event_noted_many_times_at_once_leaves_one_entry(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    let notes = (0..16_u64).map(|number| {
        let stage = stage.clone();
        let moment = at(7).plus(Duration::from_millis(number));
        async move { note(&stage, FollowChange { at: moment, ..noted("oAnna", false, 7) }).await }
    });
    assert_eq!(all_at_once(notes).await, [Some(account); 16]);
    let entries = stage.entries(account).await;
    let entries: Vec<_> = entries.iter().filter(|entry| entry.kind == AuditKind::Unfollowed).collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(unsubscribed_at(&stage, identity).await, Some(entries[0].at));
}
