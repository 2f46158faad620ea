//! What persons take back in WeChat.

use saoma_domain::{
    account::{AccountId, IdentityId},
    ports::{AuditEntry, AuditKind, NewSession, Revocation, Revoked, Scan},
    wechat::Profile,
};

use super::DatabaseStage;
use crate::values::{app, at, binding, login, new_session, openid, scan, token_hash};

fn revoked_at(secs: u64) -> Revocation {
    Revocation { app: app("main"), openid: openid("oAnna"), profile_only: false, at: at(secs) }
}

async fn revoke(stage: &DatabaseStage, revocation: Revocation) -> Option<Revoked> {
    stage.accounts.revoke_authorization(revocation).await.expect("the store works")
}

/// Makes Anna's account with a profile, whose only identity came by the login 1.
async fn anna(stage: &DatabaseStage) -> (AccountId, IdentityId) {
    let profile = Profile { nickname: Some("Anna".to_owned()), avatar_url: Some("https://a/1".to_owned()) };
    let identity = stage.first(Scan { profile, ..scan(login(1), "oAnna") }).await.identity;
    (stage.bound(binding(login(1), 1)).await.1, identity)
}

/// Issues the session of a login, and returns the hash of its token.
async fn session(stage: &DatabaseStage, number: u64, account: AccountId) -> NewSession {
    let session = new_session(login(number), account, number);
    let issued = stage.sessions.issue(session.clone()).await.expect("the store works");
    assert!(issued.is_some(), "the login issues a session");
    session
}

pub(crate) async fn a_revocation_forgets_the_profile_and_ends_the_link_though_it_is_the_last(
    stage: DatabaseStage,
) {
    let (account, identity) = anna(&stage).await;
    session(&stage, 1, account).await;
    let before = stage.entries(account).await;
    let expected = Revoked { account: Some(account), ended: vec![token_hash(1)] };
    assert_eq!(revoke(&stage, revoked_at(9)).await, Some(expected));

    let left = stage.identity(identity).await.expect("it is known for a while");
    assert_eq!((left.account, left.profile), (None, Profile::default()));
    assert_eq!(stage.sessions.find(&token_hash(1)).await, Ok(None));
    let entry = |kind, login| AuditEntry { at: at(9), kind, account, login };
    let (unlinked, ended) =
        (entry(AuditKind::IdentityUnlinked, None), entry(AuditKind::SessionEnded, Some(login(1))));
    assert_eq!(stage.entries(account).await[before.len()..], [unlinked, ended]);
    assert_eq!(
        revoke(&stage, revoked_at(10)).await,
        Some(Revoked { account: None, ended: Vec::new() }),
        "a repetition finds nothing more"
    );
}

pub(crate) async fn a_revocation_forgets_a_picture_without_a_name(stage: DatabaseStage) {
    let profile = Profile { nickname: None, avatar_url: Some("https://a/1".to_owned()) };
    let identity = stage.first(Scan { profile, ..scan(login(1), "oAnna") }).await.identity;
    revoke(&stage, revoked_at(9)).await;
    assert_eq!(stage.identity(identity).await.map(|it| it.profile), Some(Profile::default()));
}

pub(crate) async fn who_revoked_binds_their_number_again_and_has_their_account(stage: DatabaseStage) {
    let (account, _) = anna(&stage).await;
    revoke(&stage, revoked_at(9)).await;
    let record = stage.first(Scan { at: at(10), ..scan(login(2), "oAnna") }).await;
    assert!(!record.known, "they are asked for a number, as new people are");
    assert_eq!(stage.bound(binding(login(2), 1)).await.1, account);
}

pub(crate) async fn a_revocation_from_before_the_link_ends_nothing(stage: DatabaseStage) {
    let (account, identity) = anna(&stage).await;
    let late = revoke(&stage, revoked_at(0)).await;
    assert_eq!(late, Some(Revoked { account: Some(account), ended: Vec::new() }));
    assert_eq!(stage.identity(identity).await.and_then(|it| it.account), Some(account));
}

pub(crate) async fn a_changed_profile_is_forgotten_and_nothing_else(stage: DatabaseStage) {
    let (account, identity) = anna(&stage).await;
    session(&stage, 1, account).await;
    let before = stage.entries(account).await;
    let changed = Revocation { profile_only: true, ..revoked_at(9) };
    assert_eq!(revoke(&stage, changed).await, Some(Revoked { account: Some(account), ended: Vec::new() }));
    let left = stage.identity(identity).await.expect("it is there");
    assert_eq!((left.account, left.profile), (Some(account), Profile::default()));
    assert_eq!(stage.entries(account).await, before);
}

pub(crate) async fn a_revocation_of_a_stranger_changes_nothing(stage: DatabaseStage) {
    anna(&stage).await;
    assert_eq!(revoke(&stage, Revocation { openid: openid("oBert"), ..revoked_at(9) }).await, None);
    assert_eq!(revoke(&stage, Revocation { app: app("shop"), ..revoked_at(9) }).await, None);
}
