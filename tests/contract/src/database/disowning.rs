//! Persons who say that they did not mean to log in.

use saoma_domain::{
    account::IdentityId,
    login::{ExpiryReason, LoginId, LoginState},
    ports::{AuditKind, Binding, Bound, Disowned, NotMe, Scan},
    rules::NOT_ME_WITHIN,
    time::Timestamp,
};

use super::DatabaseStage;
use crate::values::{app, at, binding, login, new_session, openid, scan, union};

impl DatabaseStage {
    pub(super) async fn not_me(&self, login: LoginId, identity: IdentityId, at: Timestamp) -> Disowned {
        self.logins.disown(NotMe { login, identity, at }).await.expect("the store works")
    }
}

pub(crate) async fn who_did_not_mean_it_ends_login_and_session(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let record = stage.first(scan(login(2), "oAnna")).await;
    let token = stage.open(new_session(login(2), account, 2)).await.token_hash;
    let other = stage.open(new_session(login(1), account, 1)).await;
    let Disowned::Over { login: ended, ended: tokens, .. } =
        stage.not_me(login(2), record.identity, at(9)).await
    else {
        panic!("it is theirs")
    };
    assert_eq!(ended.state, LoginState::Expired { reason: ExpiryReason::Denied, since: at(9) });
    assert_eq!(tokens, [token]);
    assert_eq!(stage.sessions.find(&token).await, Ok(None));
    assert!(stage.sessions.find(&other.token_hash).await.expect("the store works").is_some(), "others stay");
    assert_eq!(stage.refusals(login(2)).await, ["not_me"]);
    let again = stage.not_me(login(2), record.identity, at(10)).await;
    assert!(matches!(again, Disowned::Over { ended: none, .. } if none.is_empty()));
}

pub(crate) async fn who_did_not_mean_it_leaves_no_session_to_collect(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let record = stage.first(scan(login(2), "oAnna")).await;
    stage.not_me(login(2), record.identity, at(9)).await;
    assert_eq!(stage.sessions.issue(new_session(login(2), account, 2)).await, Ok(None));
    let waiting = stage.first(scan(login(3), "oBert")).await;
    stage.not_me(login(3), waiting.identity, at(9)).await;
    let bound = stage.bind(Binding { at: at(10), ..binding(login(3), 3) }).await;
    assert!(matches!(bound, Bound::Refused(_)), "{bound:?}");
}

pub(crate) async fn a_session_and_not_me_at_once_leave_none(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    for number in 10..18 {
        let identity = stage.first(scan(login(number), "oAnna")).await.identity;
        let issuing = stage.clone();
        let issue = tokio::spawn(async move {
            issuing.sessions.issue(new_session(login(number), account, number)).await.map(drop)
        });
        stage.not_me(login(number), identity, at(9)).await;
        issue.await.expect("it ends").expect("the store works");
        let live = stage.sessions.list(account).await.expect("the store works");
        assert!(live.iter().all(|session| session.login != login(number)), "{number}");
    }
}

pub(crate) async fn not_me_takes_back_what_the_login_linked_by_a_number(stage: DatabaseStage) {
    let waiting = stage.first(scan(login(1), "oAnna")).await;
    let (_, account) = stage.bound(binding(login(1), 1)).await;
    let token = stage.open(new_session(login(1), account, 1)).await.token_hash;
    let later = stage.open_another(login(2), "oAnna", 2).await.token_hash;
    let taken_back = stage.not_me(login(1), waiting.identity, at(9)).await;
    let Disowned::Over { ended, unlinked_from, .. } = taken_back else { panic!("{taken_back:?}") };
    assert_eq!(unlinked_from, Some(account));
    assert_eq!(ended.len(), 2, "every session that came from it");
    assert!(ended.contains(&token) && ended.contains(&later));
    assert_eq!(stage.identity(waiting.identity).await.expect("it is kept").account, None);
    assert!(stage.has_account(account).await && stage.openids(account).await.is_empty());
    assert!(stage.kinds(account).await.contains(&AuditKind::IdentityUnlinked));
    let again = stage.first(Scan { at: at(20), ..scan(login(3), "oAnna") }).await;
    assert!(matches!(again.login.state, LoginState::Unregistered { .. }), "the number is asked for again");
}

pub(crate) async fn not_me_takes_back_what_the_login_linked_by_a_wish(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.add_pending_link(login(2), account).await;
    let added = stage.first(Scan { app: app("shop"), ..scan(login(2), "oBertInShop") }).await;
    assert!(added.linked);
    let taken_back = stage.not_me(login(2), added.identity, at(9)).await;
    assert!(matches!(taken_back, Disowned::Over { unlinked_from: Some(from), .. } if from == account));
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}

pub(crate) async fn not_me_takes_back_what_was_linked_to_an_account_without_a_number(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let without_number = Binding { phone: None, proven_by: None, ..binding(login(1), 1) };
    let (_, account) = stage.bound(without_number).await;
    stage.add_pending_link(login(2), account).await;
    let added = stage.first(Scan { app: app("shop"), ..scan(login(2), "oBertInShop") }).await;
    let taken_back = stage.not_me(login(2), added.identity, at(9)).await;
    assert!(matches!(taken_back, Disowned::Over { unlinked_from: Some(from), .. } if from == account));
    assert_eq!(stage.openids(account).await, [openid("oAnna")], "which still leads to it");
}

pub(crate) async fn not_me_leaves_what_another_login_bound_meanwhile(stage: DatabaseStage) {
    let waiting = stage.first(scan(login(1), "oAnna")).await;
    stage.first(scan(login(2), "oAnna")).await;
    let (_, account) = stage.bound(binding(login(1), 1)).await;
    stage.bound(Binding { at: at(5), ..binding(login(2), 1) }).await;
    let taken_back = stage.not_me(login(2), waiting.identity, at(9)).await;
    assert!(matches!(taken_back, Disowned::Over { unlinked_from: None, .. }), "{taken_back:?}");
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}

pub(crate) async fn not_me_leaves_what_a_unionid_linked(stage: DatabaseStage) {
    let with_union = |scan: Scan| Scan { union: Some(union("uAnna")), ..scan };
    stage.first(with_union(scan(login(1), "oAnna"))).await;
    let account = stage.bound(binding(login(1), 1)).await.1;
    let in_shop = stage.first(with_union(Scan { app: app("shop"), ..scan(login(2), "oAnnaInShop") })).await;
    let taken_back = stage.not_me(login(2), in_shop.identity, at(9)).await;
    assert!(matches!(taken_back, Disowned::Over { unlinked_from: None, .. }), "{taken_back:?}");
    assert_eq!(stage.openids(account).await.len(), 2, "it is the person's own account");
}

pub(crate) async fn not_me_leaves_what_an_earlier_login_linked(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let record = stage.first(scan(login(2), "oAnna")).await;
    let taken_back = stage.not_me(login(2), record.identity, at(9)).await;
    assert!(matches!(taken_back, Disowned::Over { unlinked_from: None, .. }), "{taken_back:?}");
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}

pub(crate) async fn not_me_leaves_the_only_way_into_an_account(stage: DatabaseStage) {
    let waiting = stage.first(scan(login(1), "oAnna")).await;
    let without_number = Binding { phone: None, proven_by: None, ..binding(login(1), 1) };
    let (_, account) = stage.bound(without_number).await;
    let taken_back = stage.not_me(login(1), waiting.identity, at(9)).await;
    assert!(matches!(taken_back, Disowned::Over { unlinked_from: None, .. }), "{taken_back:?}");
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
}

pub(crate) async fn not_me_is_for_the_person_who_scanned_and_for_a_day(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let record = stage.first(scan(login(2), "oAnna")).await;
    let bert = stage.first(scan(login(3), "oBert")).await.identity;
    assert_eq!(stage.not_me(login(2), bert, at(9)).await, Disowned::NotTheirs);
    assert_eq!(stage.not_me(login(9), bert, at(9)).await, Disowned::NotTheirs);
    let too_late = record.at.plus(NOT_ME_WITHIN);
    assert_eq!(stage.not_me(login(2), record.identity, too_late).await, Disowned::TooLate);
    assert!(matches!(stage.login(login(2)).await.state, LoginState::Registered { .. }));
}
