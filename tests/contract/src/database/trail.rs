//! The audit trail: an entry for every effect, and for nothing else.

use saoma_domain::{
    login::LoginEvent,
    ports::{AuditEntry, AuditKind, Binding, Bound, NewSession, Scan},
};

use super::DatabaseStage;
use crate::values::{app, at, binding, link, login, new_session, proof, scan, token_hash};

use AuditKind::{AccountCreated, IdentityLinked, SessionCreated, SessionEnded};

pub(crate) async fn every_effect_leaves_one_entry(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let entry = |kind, secs| AuditEntry { at: at(secs), kind, account, login: Some(login(1)) };
    let mut expected = vec![entry(AccountCreated, 2), entry(IdentityLinked, 2)];
    assert_eq!(stage.entries(account).await, expected);

    let opened = stage.open(new_session(login(1), account, 1)).await;
    expected.push(entry(SessionCreated, 3));
    assert_eq!(stage.entries(account).await, expected);

    assert_eq!(stage.sessions.end(account, opened.active.session.id, at(9)).await, Ok(Some(token_hash(1))));
    expected.push(entry(SessionEnded, 9));
    assert_eq!(stage.entries(account).await, expected);
}

pub(crate) async fn a_repetition_leaves_no_entry(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    for _ in 0..3 {
        stage.take(scan(login(1), "oAnna")).await;
        stage.bound(binding(login(1), 1)).await;
        let opened = stage.open(new_session(login(1), account, 1)).await;
        stage.sessions.end(account, opened.active.session.id, at(9)).await.expect("the store works");
        stage.sessions.end_all(account, at(9)).await.expect("the store works");
    }
    assert_eq!(stage.kinds(account).await, [AccountCreated, IdentityLinked, SessionCreated, SessionEnded]);
}

pub(crate) async fn a_refusal_leaves_no_entry(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let opened = stage.open(new_session(login(1), account, 1)).await;
    let before = stage.entries(account).await;

    let other_proof = Binding { proof: proof(99), ..binding(login(1), 1) };
    assert!(matches!(stage.bind(other_proof).await, Bound::Refused(_)));
    stage.first(scan(login(2), "oBert")).await;
    assert_eq!(stage.bind(binding(login(2), 1)).await, Bound::PhoneTaken);
    stage.end(login(2), LoginEvent::Cancelled, at(3)).await;
    let bert = stage.register(login(3), "oBert", 2).await;
    assert_eq!(stage.sessions.end(bert, opened.active.session.id, at(9)).await, Ok(None));

    assert_eq!(stage.entries(account).await, before);
    assert_eq!(stage.kinds(bert).await, [AccountCreated, IdentityLinked]);
}

pub(crate) async fn a_linked_identity_leaves_an_entry(stage: DatabaseStage) {
    let shop = stage.first(Scan { app: app("shop"), ..scan(login(1), "oAnna") }).await;
    stage.link(link(login(1), shop.identity, "uAnna")).await;
    let account = stage.bound(binding(login(1), 1)).await.1;
    let main = stage.first(scan(login(2), "oAnna")).await;
    assert!(stage.link(link(login(2), main.identity, "uAnna")).await.is_some());
    let bound = AuditEntry { at: at(2), kind: IdentityLinked, account, login: Some(login(2)) };
    assert_eq!(stage.entries(account).await.last(), Some(&bound));
    assert_eq!(stage.kinds(account).await, [AccountCreated, IdentityLinked, IdentityLinked]);
}

pub(crate) async fn every_ended_session_leaves_an_entry(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.open(new_session(login(1), account, 1)).await;
    for number in 2..5 {
        stage.open_another(login(number), "oAnna", number).await;
    }
    assert_eq!(stage.sessions.end_all(account, at(9)).await.map(|ended| ended.len()), Ok(4));
    let kinds = stage.kinds(account).await;
    assert_eq!(kinds.iter().filter(|kind| **kind == SessionCreated).count(), 4);
    assert_eq!(kinds.iter().filter(|kind| **kind == SessionEnded).count(), 4);
}

pub(crate) async fn the_oldest_entries_come_first_and_no_more_than_asked_for(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.open(new_session(login(1), account, 1)).await;
    let all = stage.entries(account).await;
    for limit in [0, 1, 2, 3] {
        let some = stage.trail.entries(account, limit).await.expect("the store works");
        assert_eq!(some, all[..limit as usize], "{limit}");
    }
}

pub(crate) async fn entries_of_nodes_whose_clocks_differ_come_by_their_times(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.first(scan(login(2), "oAnna")).await;
    let created = stage.entries(account).await;
    stage.open(NewSession { at: at(9), ..new_session(login(1), account, 1) }).await;
    stage.open(NewSession { at: at(8), ..new_session(login(2), account, 2) }).await;
    let opened = |number, secs| {
        let login = Some(login(number));
        AuditEntry { at: at(secs), kind: SessionCreated, account, login }
    };
    assert_eq!(stage.entries(account).await, [created, vec![opened(2, 8), opened(1, 9)]].concat());
    assert_eq!(
        stage.trail.entries(account, 3).await.map(|some| some.last().cloned()),
        Ok(Some(opened(2, 8)))
    );
}
