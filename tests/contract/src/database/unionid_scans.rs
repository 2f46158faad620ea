//! Scans that come with a unionid or a profile.

use std::time::Duration;

use saoma_domain::{
    account::AccountId,
    login::{Channel, LoginId},
    ports::{Binding, Scan, ScanTaken, UnionIdLink},
    wechat::{Profile, UnionId},
};

use super::{
    DatabaseStage,
    stage::{account_of, identity_of},
};
use crate::{
    all_at_once,
    values::{app, at, binding, link, login, scan, union, union_within},
};

/// Returns a person's scan by an app, with a unionid.
fn with_union(login: LoginId, app_name: &str, person: &str, union: UnionId) -> Scan {
    Scan { app: app(app_name), channel: Channel::Website, union: Some(union), ..scan(login, person) }
}

/// Makes Anna's account by the app `shop`, with the unionid `uAnna`.
async fn anna_of_the_shop(stage: &DatabaseStage) -> AccountId {
    stage.first(with_union(login(100), "shop", "oAnnaShop", union("uAnna"))).await;
    stage.bound(binding(login(100), 100)).await.1
}

pub(crate) async fn a_scan_with_the_unionid_of_an_account_is_logged_in(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let record = stage.first(with_union(login(1), "site", "oAnnaSite", union("uAnna"))).await;
    assert!(record.known && record.has_union);
    assert_eq!(account_of(&record.login), account);
    assert_eq!(stage.identity(record.identity).await.and_then(|it| it.account), Some(account));

    let seen = stage.first(scan(login(2), "oAnnaMain")).await;
    let again = Scan { union: Some(union("uAnna")), ..scan(login(3), "oAnnaMain") };
    let record = stage.first(again).await;
    assert_eq!((record.identity, account_of(&record.login)), (seen.identity, account));
}

pub(crate) async fn an_unknown_unionid_of_a_scan_is_noted(stage: DatabaseStage) {
    let record = stage.first(with_union(login(1), "site", "oAnnaSite", union("uAnna"))).await;
    assert!(!record.known && record.has_union);
    assert_eq!(stage.identity(record.identity).await.and_then(|it| it.union), Some(union("uAnna")));
    let plain = stage.first(Scan { app: app("site"), ..scan(login(2), "oAnnaSite") }).await;
    assert!(plain.has_union, "a scan that knows nothing erases nothing");
    assert_eq!(stage.identity(record.identity).await.and_then(|it| it.union), Some(union("uAnna")));
}

pub(crate) async fn a_repeated_scan_tells_whether_the_unionid_is_known_by_now(stage: DatabaseStage) {
    let first = stage.first(scan(login(1), "oAnna")).await;
    assert!(!first.has_union);
    stage.link(link(login(1), first.identity, "uAnna")).await;
    match stage.take(scan(login(1), "oAnna")).await {
        ScanTaken::Again(record) => assert!(record.has_union),
        other => panic!("not found again: {other:?}"),
    }
}

pub(crate) async fn a_unionid_means_nothing_to_another_open_account(stage: DatabaseStage) {
    anna_of_the_shop(&stage).await;
    let foreign = union_within("other", "uAnna");
    let record = stage.first(with_union(login(1), "site", "oAnnaSite", foreign.clone())).await;
    identity_of(&record.login);
    let linked = stage.first(scan(login(2), "oAnnaMain")).await.identity;
    let link = UnionIdLink { union: foreign, ..link(login(2), linked, "uAnna") };
    assert_eq!(stage.link(link).await, None);
    identity_of(&stage.login(login(2)).await);
}

/// Makes an account by the app `<name>` whose identity is bound so many seconds after the beginning of time, and
/// then turns out to be the twins'.
async fn twin(stage: &DatabaseStage, number: u64, app_name: &str, bound: u64) -> AccountId {
    let identity = stage.first(Scan { app: app(app_name), ..scan(login(number), "oTwin") }).await.identity;
    let phone = u32::try_from(number).expect("small numbers");
    let account = stage.bound(Binding { at: at(bound), ..binding(login(number), phone) }).await.1;
    assert_eq!(stage.link(link(login(number), identity, "uTwin")).await, None);
    account
}

pub(crate) async fn the_longest_bound_account_comes_first(stage: DatabaseStage) {
    let late = twin(&stage, 1, "first", 30).await;
    let early = twin(&stage, 2, "second", 20).await;
    let by_scan = stage.first(with_union(login(3), "third", "oTwin", union("uTwin"))).await;
    assert_eq!(account_of(&by_scan.login), early);
    let by_link = stage.first(Scan { app: app("fourth"), ..scan(login(4), "oTwin") }).await.identity;
    let moved = stage.link(link(login(4), by_link, "uTwin")).await;
    assert_eq!(moved.as_ref().map(account_of), Some(early));
    // The early one has a user of the app `second`, so another one leads to the late one.
    let taken = stage.first(with_union(login(5), "second", "oTwinsOldPhone", union("uTwin"))).await;
    assert_eq!(account_of(&taken.login), late);
}

pub(crate) async fn a_scan_leaves_an_account_with_another_user_of_the_app_alone(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let record = stage.first(with_union(login(1), "shop", "oAnnasOldPhone", union("uAnna"))).await;
    identity_of(&record.login);
    assert_eq!(stage.openids(account).await.len(), 1);
}

pub(crate) async fn many_doors_opened_at_once_lead_to_one_account(stage: DatabaseStage) {
    let account = anna_of_the_shop(&stage).await;
    let scans = (0..16).map(|number| {
        let stage = stage.clone();
        let scan = with_union(login(number), &format!("app-{number}"), "oAnna", union("uAnna"));
        async move { account_of(&stage.first(scan).await.login) }
    });
    assert_eq!(all_at_once(scans).await, [account; 16]);
    assert_eq!(stage.openids(account).await.len(), 17);
}

pub(crate) async fn a_profile_is_kept_and_an_empty_one_erases_nothing(stage: DatabaseStage) {
    let text = |text: &str| Some(text.to_owned());
    let told = [
        (text("安娜"), None),
        (None, text("https://thirdwx.qlogo.cn/1")),
        (None, None),
        (text("Anna"), text("https://thirdwx.qlogo.cn/2")),
        (None, None),
    ];
    let kept = [
        (text("安娜"), None),
        (text("安娜"), text("https://thirdwx.qlogo.cn/1")),
        (text("安娜"), text("https://thirdwx.qlogo.cn/1")),
        (text("Anna"), text("https://thirdwx.qlogo.cn/2")),
        (text("Anna"), text("https://thirdwx.qlogo.cn/2")),
    ];
    for (number, ((nickname, avatar_url), kept)) in (0..).zip(told.into_iter().zip(kept)) {
        let profile = Profile { nickname, avatar_url };
        let taken_at = at(1).plus(Duration::from_secs(number));
        let scan = Scan { profile, at: taken_at, ..scan(login(number), "oAnna") };
        let identity = stage.first(scan).await.identity;
        let profile = stage.identity(identity).await.expect("it was made").profile;
        assert_eq!((profile.nickname, profile.avatar_url), kept, "scan {number}");
        if number == 1 {
            // From here on the identity has an account.
            stage.bound(binding(login(1), 1)).await;
        }
    }
}
