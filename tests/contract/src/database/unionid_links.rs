//! Linking the identities of one person by their unionid.

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{ExpiryReason, Login, LoginEvent, LoginState},
    ports::{AuditKind, Bound, Scan, UnionIdLink},
};

use super::{
    DatabaseStage,
    stage::{account_of, identity_of, reason_of},
};
use crate::{
    all_at_once,
    values::{BIND_WINDOW, COLLECT_WINDOW, app, at, binding, link, login, openid, scan, union},
};

/// Makes Anna's account by the app `shop`, with the unionid `uAnna`.
async fn anna_of_the_shop(stage: &DatabaseStage) -> AccountId {
    let record = stage.first(Scan { app: app("shop"), ..scan(login(100), "oAnnaShop") }).await;
    assert_eq!(stage.link(link(login(100), record.identity, "uAnna")).await, None, "she has no account yet");
    stage.bound(binding(login(100), 100)).await.1
}

async fn scanned(stage: &DatabaseStage, number: u64, follower: &str) -> IdentityId {
    stage.first(scan(login(number), follower)).await.identity
}

pub(crate) async fn a_unionid_with_an_account_registers_the_waiting_login(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let identity = scanned(&stage, 1, "oAnnaMain").await;
    let moved = stage.link(link(login(1), identity, "uAnna")).await;

    let state = LoginState::Registered { account, since: at(2), collect_by: at(2).plus(COLLECT_WINDOW) };
    assert_eq!(moved, Some(Login { id: login(1), version: 3, state }));
    assert_eq!(Some(stage.login(login(1)).await), moved);
    assert_eq!(stage.openids(account).await, [openid("oAnnaShop"), openid("oAnnaMain")]);
    assert!(stage.first(scan(login(2), "oAnnaMain")).await.known);
}

pub(crate) async fn an_unknown_unionid_is_only_noted(stage: DatabaseStage) {
    anna_of_the_shop(&stage).await;
    let identity = scanned(&stage, 1, "oBert").await;
    let waiting = stage.login(login(1)).await;
    assert_eq!(stage.link(link(login(1), identity, "uBert")).await, None);
    assert_eq!(stage.login(login(1)).await, waiting);

    let bert = stage.bound(binding(login(1), 1)).await.1;
    let identities = stage.accounts.identities(bert).await.expect("the store works");
    assert_eq!(identities[0].union, Some(union("uBert")));
}

pub(crate) async fn a_unionid_noted_before_the_binding_links_later_identities(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    for (number, app_name) in [(1, "first"), (2, "second")] {
        let scan = Scan { app: app(app_name), ..scan(login(number), "oAnna") };
        let identity = stage.first(scan).await.identity;
        let moved = stage.link(link(login(number), identity, "uAnna")).await;
        assert_eq!(moved.as_ref().map(account_of), Some(account), "{app_name}");
    }
}

pub(crate) async fn an_account_with_another_user_of_the_app_is_left_alone(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let other = stage.first(Scan { app: app("shop"), ..scan(login(1), "oAnnasOldPhone") }).await;
    assert_eq!(stage.link(link(login(1), other.identity, "uAnna")).await, None);
    assert_eq!(stage.login(login(1)).await, other.login);
    assert_eq!(stage.openids(account).await, [openid("oAnnaShop")]);
    assert_ne!(stage.bound(binding(login(1), 1)).await.1, account, "a number of their own is welcome");
}

pub(crate) async fn a_link_after_the_deadline_binds_without_moving_the_login(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let identity = scanned(&stage, 1, "oAnnaMain").await;
    let late = at(1).plus(BIND_WINDOW);
    let link = UnionIdLink { at: late, ..link(login(1), identity, "uAnna") };
    assert_eq!(stage.link(link).await, None);
    assert_eq!(reason_of(&stage.login(login(1)).await, late), ExpiryReason::Timeout);
    assert_eq!(stage.openids(account).await.len(), 2);
}

pub(crate) async fn a_link_does_not_move_a_cancelled_login(stage: DatabaseStage) {
    anna_of_the_shop(&stage).await;
    let identity = scanned(&stage, 1, "oAnnaMain").await;
    let cancelled = stage.end(login(1), LoginEvent::Cancelled, at(2)).await;
    assert_eq!(stage.link(link(login(1), identity, "uAnna")).await, None);
    assert_eq!(stage.login(login(1)).await, cancelled);
}

pub(crate) async fn a_linked_login_takes_no_binding(stage: DatabaseStage) {
    anna_of_the_shop(&stage).await;
    let identity = scanned(&stage, 1, "oAnnaMain").await;
    let moved = stage.link(link(login(1), identity, "uAnna")).await.expect("it moved");
    assert_eq!(stage.bind(binding(login(1), 1)).await, Bound::Refused(moved));
}

pub(crate) async fn another_waiting_login_of_a_linked_identity_is_registered_too(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let identity = scanned(&stage, 1, "oAnnaMain").await;
    assert_eq!(scanned(&stage, 2, "oAnnaMain").await, identity);
    for number in [1, 2] {
        let moved = stage.link(link(login(number), identity, "uAnna")).await;
        assert_eq!(moved.as_ref().map(account_of), Some(account), "login {number}");
    }
}

pub(crate) async fn a_link_repeated_at_once_moves_the_login_once(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let identity = scanned(&stage, 1, "oAnnaMain").await;
    let links = (0..16).map(|_| {
        let stage = stage.clone();
        async move { stage.link(link(login(1), identity, "uAnna")).await }
    });
    let moved: Vec<Login> = all_at_once(links).await.into_iter().flatten().collect();
    assert_eq!(moved, [stage.login(login(1)).await]);
    let bound =
        stage.kinds(account).await.into_iter().filter(|kind| *kind == AuditKind::IdentityLinked).count();
    assert_eq!(bound, 2, "one of the shop, one of the link");
}

pub(crate) async fn unionids_are_compared_exactly(stage: DatabaseStage) {
    anna_of_the_shop(&stage).await;
    for (number, other) in [(1, "UANNA"), (2, "uanna"), (3, "uAnn_"), (4, "uAnna1")] {
        let identity = scanned(&stage, number, &format!("oPerson{number}")).await;
        assert_eq!(stage.link(link(login(number), identity, other)).await, None, "{other}");
        identity_of(&stage.login(login(number)).await);
    }
}
