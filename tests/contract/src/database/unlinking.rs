//! Unlinking identities from their account.

use std::time::Duration;

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::Channel,
    ports::{
        AuditEntry, AuditKind, Binding, Bound, LOGIN_KEPT_FOR, NewSession, Removal, Removed, Scan, ScanTaken,
    },
    rules::PROBATION,
};

use super::{
    DatabaseStage,
    stage::{account_of, identity_of},
};
use crate::{
    all_at_once, patiently,
    values::{
        app, at, binding, login, login_id, new_account_id, new_identity_id, new_session, new_session_id,
        openid, scan, token_hash,
    },
};

/// A removal that ended no session.
const DONE: Removed = Removed::Done { ended: Vec::new() };

/// Makes Anna's account with so many identities, by the apps `app-0`, `app-1`….
async fn anna(stage: &DatabaseStage, identities: u64) -> (AccountId, Vec<IdentityId>) {
    let mut ids = Vec::new();
    let mut account = None;
    for number in 0..identities {
        let scan = Scan { app: app(&format!("app-{number}")), ..scan(login(number), "oAnna") };
        ids.push(stage.first(scan).await.identity);
        account = Some(stage.bound(binding(login(number), 1)).await.1);
    }
    (account.expect("she has an identity"), ids)
}

async fn remove(stage: &DatabaseStage, account: AccountId, identity: IdentityId) -> Removed {
    let removal = Removal { account, identity, asked_by: new_session_id(at(9)), at: at(9) };
    patiently(|| stage.accounts.remove_identity(removal.clone())).await
}

pub(crate) async fn an_identity_is_found_by_its_id(stage: DatabaseStage) {
    let record = stage.first(scan(login(1), "oAnna")).await;
    let found = stage.identity(record.identity).await.expect("it was made");
    assert_eq!((found.id, found.account), (record.identity, None));
    assert_eq!(
        (found.app, found.channel, found.openid),
        (app("main"), Channel::OfficialAccount, openid("oAnna"))
    );
    let account = stage.bound(binding(login(1), 1)).await.1;
    assert_eq!(stage.identity(record.identity).await.and_then(|it| it.account), Some(account));
    assert_eq!(stage.identity(new_identity_id(at(1))).await, None);
}

pub(crate) async fn identities_can_be_removed_but_the_last_one(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 3).await;
    let before = stage.entries(account).await;
    assert_eq!(remove(&stage, account, ids[0]).await, DONE);
    assert_eq!(remove(&stage, account, ids[0]).await, Removed::Unknown, "it is gone");
    assert_eq!(remove(&stage, account, ids[2]).await, DONE);
    assert_eq!(remove(&stage, account, ids[1]).await, Removed::LastOne);
    let left = stage.accounts.identities(account).await.expect("the store works");
    assert_eq!(left.iter().map(|identity| identity.id).collect::<Vec<_>>(), [ids[1]]);
    let removed = AuditEntry { at: at(9), kind: AuditKind::IdentityUnlinked, account, login: None };
    assert_eq!(stage.entries(account).await[before.len()..], [removed.clone(), removed]);
}

pub(crate) async fn only_its_own_account_can_remove_an_identity(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 2).await;
    let bert = stage.register(login(50), "oBert", 50).await;
    let waiting = stage.first(scan(login(51), "oCarl")).await.identity;
    assert_eq!(remove(&stage, bert, ids[0]).await, Removed::Unknown);
    assert_eq!(remove(&stage, account, waiting).await, Removed::Unknown);
    assert_eq!(remove(&stage, account, new_identity_id(at(1))).await, Removed::Unknown);
    assert_eq!(remove(&stage, new_account_id(at(1)), ids[0]).await, Removed::Unknown);
    assert_eq!(stage.openids(account).await.len(), 2);
}

pub(crate) async fn a_removed_identity_is_like_one_that_was_never_bound(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 2).await;
    assert_eq!(remove(&stage, account, ids[1]).await, DONE);
    assert_eq!(stage.identity(ids[1]).await.map(|it| it.account), Some(None));
    let scan = Scan { app: app("app-1"), at: at(10), ..scan(login(10), "oAnna") };
    let record = stage.first(scan).await;
    assert!(!record.known);
    assert_eq!(identity_of(&record.login), ids[1]);
    let other = stage.bound(binding(login(10), 10)).await.1;
    assert_ne!(other, account);
    assert_eq!(stage.identity(ids[1]).await.and_then(|it| it.account), Some(other));
}

pub(crate) async fn a_removed_identity_goes_in_time(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 2).await;
    assert_eq!(remove(&stage, account, ids[1]).await, DONE);
    let over = at(9).plus(LOGIN_KEPT_FOR);
    stage.prune_all(over.minus(Duration::from_millis(1))).await;
    assert_eq!(stage.identity(ids[1]).await.map(|it| it.account), Some(None));
    stage.prune_all(over).await;
    assert_eq!(stage.identity(ids[1]).await, None);
    let id = login_id(10, over.plus(Duration::from_secs(60)));
    let scan = Scan { app: app("app-1"), at: over, new_identity: new_identity_id(over), ..scan(id, "oAnna") };
    let new = scan.new_identity;
    assert_eq!(stage.first(scan).await.identity, new);
    let kept =
        Scan { app: app("app-0"), at: over, ..crate::values::scan(login_id(11, id.deadline()), "oAnna") };
    assert_eq!(account_of(&stage.first(kept).await.login), account);
}

pub(crate) async fn a_login_that_outlives_its_identity_is_over(stage: DatabaseStage) {
    let shop = |number| Scan { app: app("shop"), ..scan(login(number), "oAnna") };
    let identity = stage.first(shop(10)).await.identity;
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.first(shop(11)).await;
    stage.bound(binding(login(11), 1)).await;
    assert_eq!(remove(&stage, account, identity).await, DONE);

    let over = at(9).plus(LOGIN_KEPT_FOR);
    stage.prune_all(over).await;
    assert_eq!(stage.identity(identity).await, None);
    let waiting = stage.login(login(10)).await;
    let binding = Binding { at: over, ..binding(login(10), 2) };
    assert_eq!(stage.bind(binding).await, Bound::Refused(waiting.at(over)));
    assert_eq!(stage.take(Scan { at: over, ..shop(10) }).await, ScanTaken::ByAnother);
}

pub(crate) async fn of_those_who_remove_the_last_ones_at_once_one_is_refused(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 8).await;
    let removals = ids.clone().into_iter().map(|id| {
        let stage = stage.clone();
        async move { remove(&stage, account, id).await }
    });
    let removed = all_at_once(removals).await;
    assert_eq!(removed.iter().filter(|removed| **removed == Removed::LastOne).count(), 1, "{removed:?}");
    assert_eq!(removed.iter().filter(|removed| **removed == DONE).count(), 7, "{removed:?}");
    let left = stage.accounts.identities(account).await.expect("the store works");
    let refused = removed.iter().position(|removed| *removed == Removed::LastOne).expect("one is");
    assert_eq!(left.iter().map(|identity| identity.id).collect::<Vec<_>>(), [ids[refused]]);
}

pub(crate) async fn of_two_who_remove_the_last_two_at_once_one_is_refused(stage: DatabaseStage) {
    for round in 0..10_u32 {
        let mut ids = Vec::new();
        for app_name in ["main", "shop"] {
            let id = login(u64::from(round * 2) + u64::from(app_name == "shop"));
            let person = format!("oPerson{round}");
            ids.push(stage.first(Scan { app: app(app_name), ..scan(id, &person) }).await.identity);
            stage.bound(binding(id, round)).await;
        }
        let account = stage.identity(ids[0]).await.and_then(|it| it.account).expect("it is bound");
        let removals = ids.into_iter().map(|id| {
            let stage = stage.clone();
            async move { remove(&stage, account, id).await }
        });
        let removed = all_at_once(removals).await;
        assert!(removed.contains(&DONE) && removed.contains(&Removed::LastOne), "{removed:?}");
        assert_eq!(stage.openids(account).await.len(), 1);
    }
}

pub(crate) async fn the_sessions_that_came_from_a_removed_identity_end_with_it(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 2).await;
    for number in 0..2 {
        stage.open(new_session(login(number), account, number)).await;
    }
    let later = Scan { app: app("app-1"), ..scan(login(10), "oAnna") };
    stage.first(later).await;
    let asking = stage.open(new_session(login(10), account, 10)).await.active.session.id;
    let forgotten = Scan { window: Duration::from_secs(1), app: app("app-1"), ..scan(login(11), "oAnna") };
    stage.first(forgotten).await;
    stage.open(new_session(login(11), account, 11)).await;
    stage.prune_all(at(10).plus(LOGIN_KEPT_FOR)).await;
    let bert = stage.register(login(50), "oBert", 50).await;
    stage.open(new_session(login(50), bert, 50)).await;

    let removal = Removal { account, identity: ids[1], asked_by: asking, at: at(9).plus(PROBATION) };
    let removed = patiently(|| stage.accounts.remove_identity(removal.clone())).await;
    let Removed::Done { mut ended } = removed else { panic!("it is not the last one: {removed:?}") };
    ended.sort_unstable();
    let mut expected = [1, 11].map(token_hash);
    expected.sort_unstable();
    assert_eq!(ended, expected, "also the one of which nothing says where it came from");
    for (number, stays) in [(0, true), (1, false), (10, true), (11, false), (50, true)] {
        let found = stage.sessions.find(&token_hash(number)).await.expect("the store works");
        assert_eq!(found.is_some(), stays, "session {number}");
    }
    let entries = stage.entries(account).await;
    let entries: Vec<_> = entries.iter().filter(|entry| entry.kind == AuditKind::SessionEnded).collect();
    assert_eq!(entries.len(), 2);
}

pub(crate) async fn a_login_of_a_removed_identity_opens_no_session(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 2).await;
    assert_eq!(remove(&stage, account, ids[1]).await, DONE);
    assert_eq!(stage.sessions.issue(new_session(login(1), account, 1)).await, Ok(None));
    assert!(!stage.open(new_session(login(0), account, 2)).await.ended);
    stage.prune_all(at(0).plus(LOGIN_KEPT_FOR * 2)).await;
    assert_eq!(stage.identity(ids[1]).await, None);
}

pub(crate) async fn a_login_of_a_removed_identity_opens_no_session_once_it_is_back(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 2).await;
    assert_eq!(remove(&stage, account, ids[1]).await, DONE);
    let scan = Scan { app: app("app-1"), at: at(10), ..scan(login(10), "oAnna") };
    assert_eq!(stage.first(scan).await.identity, ids[1]);
    assert_eq!(stage.bound(Binding { at: at(11), ..binding(login(10), 1) }).await.1, account);
    assert_eq!(stage.sessions.issue(new_session(login(1), account, 1)).await, Ok(None), "of before");
    let new = NewSession { at: at(11), ..new_session(login(10), account, 2) };
    assert!(!stage.open(new).await.ended);
}

pub(crate) async fn a_session_opened_while_its_identity_is_removed_does_not_stay(stage: DatabaseStage) {
    let (account, ids) = anna(&stage, 12).await;
    for (number, identity) in (0..11).zip(ids) {
        let (opening, removing) = (stage.clone(), stage.clone());
        let new = new_session(login(number), account, number);
        let (opened, removed) = tokio::join!(
            tokio::spawn(async move { opening.sessions.issue(new).await.expect("the store works") }),
            tokio::spawn(async move { remove(&removing, account, identity).await }),
        );
        let ended = match removed.expect("no panic") {
            Removed::Done { ended } => ended,
            other @ (Removed::LastOne | Removed::OnProbation | Removed::Unknown) => {
                panic!("not removed: {other:?}")
            }
        };
        let expected = if opened.expect("no panic").is_some() { vec![token_hash(number)] } else { vec![] };
        assert_eq!(ended, expected);
        assert_eq!(stage.sessions.find(&token_hash(number)).await, Ok(None));
    }
}
