//! Taking scans.

use std::time::Duration;

use saoma_domain::{
    login::{Channel, ClientInfo, ExpiryReason, Login, LoginState},
    ports::{Newcomers, Scan, ScanRecord, ScanTaken},
    wechat::Profile,
};

use super::{
    DatabaseStage,
    stage::{account_of, identity_of},
};
use crate::{
    all_at_once,
    values::{
        BIND_WINDOW, app, at, binding, client_info, login, new_identity_id, openid, phone, scan, union_within,
    },
};

pub(crate) async fn an_unknown_person_is_asked_for_a_phone_number(stage: DatabaseStage) {
    let scan = scan(login(1), "oAnna");
    let state =
        LoginState::Unregistered { identity: Some(scan.new_identity), deadline: at(1).plus(BIND_WINDOW) };
    let record = ScanRecord {
        login: Login { id: login(1), version: 2, state },
        identity: scan.new_identity,
        known: false,
        linked: false,
        bound_now: false,
        has_union: false,
        has_notice: false,
        is_disabled: false,
        client_info: client_info(),
        at: at(1),
    };
    assert_eq!(stage.take(scan).await, ScanTaken::First(record.clone()));
    assert_eq!(stage.login(login(1)).await, record.login);
}

pub(crate) async fn a_known_person_is_logged_in_by_the_scan(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let record = stage.first(Scan { at: at(9), ..scan(login(2), "oAnna") }).await;
    let state = LoginState::Registered { account, since: at(9), collect_by: at(9).plus(BIND_WINDOW) };
    assert!(record.known && !record.bound_now && !record.is_disabled);
    stage.accounts.set_disabled(account, true).await.expect("the store works");
    let again = stage.take(Scan { at: at(9), ..scan(login(2), "oAnna") }).await;
    assert!(
        matches!(again, ScanTaken::Again(record) if record.is_disabled),
        "that is what the chat is to say"
    );
    assert_eq!(record.login, Login { id: login(2), version: 2, state });
    assert_eq!(stage.login(login(2)).await, record.login);
}

pub(crate) async fn a_repeated_scan_finds_its_own_record(stage: DatabaseStage) {
    let first = stage.first(scan(login(1), "oAnna")).await;
    let other_asker = ClientInfo::new("192.0.2.1", "curl/8");
    let again = Scan { client_info: other_asker, at: at(5), ..scan(login(1), "oAnna") };
    assert_eq!(stage.take(again).await, ScanTaken::Again(first));
}

pub(crate) async fn a_repeated_scan_tells_how_the_login_moved_on(stage: DatabaseStage) {
    let first = stage.first(scan(login(1), "oAnna")).await;
    let (bound, _) = stage.bound(binding(login(1), 1)).await;
    let now = ScanRecord { login: bound, ..first };
    assert!(!now.known, "the account came later");
    assert_eq!(stage.take(scan(login(1), "oAnna")).await, ScanTaken::Again(now));
}

pub(crate) async fn a_late_repetition_still_finds_its_own_record(stage: DatabaseStage) {
    let first = stage.first(scan(login(1), "oAnna")).await;
    let late = at(1).plus(BIND_WINDOW).plus(Duration::from_secs(3600));
    match stage.take(Scan { at: late, ..scan(login(1), "oAnna") }).await {
        ScanTaken::Again(record) => {
            assert_eq!(record, ScanRecord { login: record.login.clone(), ..first });
        }
        other => panic!("not found again: {other:?}"),
    }
}

pub(crate) async fn a_first_scan_after_the_deadline_leaves_no_record(stage: DatabaseStage) {
    for late in [login(1).deadline(), login(1).deadline().plus(Duration::from_secs(60))] {
        let taken = stage.take(Scan { at: late, ..scan(login(1), "oAnna") }).await;
        assert_eq!(taken, ScanTaken::Over(ExpiryReason::Timeout));
        assert_eq!(stage.find(login(1)).await, None);
    }
    let just_in_time = login(1).deadline().minus(Duration::from_millis(1));
    stage.first(Scan { at: just_in_time, ..scan(login(1), "oAnna") }).await;
}

pub(crate) async fn a_scan_by_another_person_changes_nothing(stage: DatabaseStage) {
    let first = stage.first(scan(login(1), "oAnna")).await;
    assert_eq!(stage.take(scan(login(1), "oBert")).await, ScanTaken::ByAnother);
    assert_eq!(stage.login(login(1)).await, first.login);

    let account = stage.bound(binding(login(1), 1)).await.1;
    assert_eq!(stage.take(scan(login(1), "oBert")).await, ScanTaken::ByAnother);
    assert_eq!(account_of(&stage.login(login(1)).await), account);
}

pub(crate) async fn of_two_persons_scanning_at_once_one_is_first(stage: DatabaseStage) {
    let scans = (0..32_u64).map(|n| {
        let stage = stage.clone();
        let person = if n % 2 == 0 { "oAnna" } else { "oBert" };
        let taken_at = at(1).plus(Duration::from_millis(n));
        let client_info = ClientInfo::new(format!("192.0.2.{n}"), "curl/8");
        let scan = Scan { at: taken_at, client_info, ..scan(login(1), person) };
        async move { (person, stage.take(scan).await) }
    });
    let taken = all_at_once(scans).await;

    let mut firsts = taken.iter().filter_map(|(person, taken)| match taken {
        ScanTaken::First(record) => Some((*person, record.clone())),
        ScanTaken::Again(_)
        | ScanTaken::ByAnother
        | ScanTaken::Over(_)
        | ScanTaken::LinkRefused(_)
        | ScanTaken::RegistrationClosed(_) => None,
    });
    let (winner, record) = firsts.next().expect("one is first");
    assert_eq!(firsts.next(), None, "only one is first");
    for (person, taken) in &taken {
        match taken {
            ScanTaken::First(_) => {}
            ScanTaken::Again(again) => assert_eq!((*person, again), (winner, &record)),
            ScanTaken::ByAnother => assert_ne!(*person, winner),
            ScanTaken::Over(_) | ScanTaken::LinkRefused(_) | ScanTaken::RegistrationClosed(_) => {
                panic!("it was scanned: {taken:?}")
            }
        }
    }
    assert_eq!(stage.login(login(1)).await, record.login);
}

pub(crate) async fn one_new_person_scanning_many_logins_at_once_is_one_identity(stage: DatabaseStage) {
    let scans = (0..16).map(|n| {
        let stage = stage.clone();
        async move { stage.first(scan(login(n), "oAnna")).await.identity }
    });
    let identities = all_at_once(scans).await;
    assert!(identities.iter().all(|identity| *identity == identities[0]), "{identities:?}");
}

pub(crate) async fn a_person_in_two_apps_is_two_identities(stage: DatabaseStage) {
    let main = stage.first(scan(login(1), "oAnna")).await;
    let shop = stage.first(Scan { app: app("shop"), ..scan(login(2), "oAnna") }).await;
    assert_ne!(main.identity, shop.identity);
    let by_shop = Scan { app: app("shop"), ..scan(login(1), "oAnna") };
    assert_eq!(stage.take(by_shop).await, ScanTaken::ByAnother, "another identity, so another person");
    stage.bound(binding(login(1), 1)).await;
    identity_of(&stage.login(login(2)).await);
}

pub(crate) async fn openids_are_compared_exactly(stage: DatabaseStage) {
    let lower = stage.first(scan(login(1), "oanna_-x")).await;
    let upper = stage.first(scan(login(2), "oANNA_-X")).await;
    let wild = stage.first(scan(login(3), "oanna%-x")).await;
    assert_ne!(lower.identity, upper.identity);
    assert_ne!(lower.identity, wild.identity);
    assert_eq!(stage.take(scan(login(1), "oANNA_-X")).await, ScanTaken::ByAnother);
}

pub(crate) async fn every_way_in_is_kept(stage: DatabaseStage) {
    for (number, channel) in (1..).zip(Channel::ALL) {
        let scan = Scan { channel, ..scan(login(number), &format!("oAnna{number}")) };
        let first = stage.first(scan).await;
        let identity = stage.accounts.identity(first.identity).await.expect("the store works");
        assert_eq!(identity.expect("it is there").channel, channel);
    }
}

pub(crate) async fn the_longest_values_survive(stage: DatabaseStage) {
    let browser = "浏览器🦀".repeat(ClientInfo::USER_AGENT_BYTES);
    let scan = Scan {
        login: login(1),
        app: app(&"a".repeat(32)),
        channel: Channel::MiniProgram,
        openid: openid(&"'".repeat(128)),
        union: Some(union_within(&"o".repeat(32), &"\"".repeat(128))),
        profile: Profile {
            nickname: Some("昵称🦀".repeat(64)),
            avatar_url: Some(format!("https://thirdwx.qlogo.cn/{}", "a".repeat(1000))),
        },
        client_info: ClientInfo::new("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", &browser),
        at: at(1),
        window: BIND_WINDOW,
        new_identity: new_identity_id(at(1)),
        newcomers: Newcomers::AskForPhone,
        asks: None,
        terms: None,
        entry: None,
    };
    let first = stage.first(scan.clone()).await;
    assert_eq!(first.client_info, scan.client_info);
    assert_eq!(stage.take(scan.clone()).await, ScanTaken::Again(first));

    let (_, longest) = stage.bound(binding(login(1), 1)).await;
    let identity = stage.accounts.identities(longest).await.expect("the store works").remove(0);
    assert_eq!((identity.app, identity.channel, identity.openid), (scan.app, scan.channel, scan.openid));
    assert_eq!((identity.union, identity.profile), (scan.union, scan.profile));
    let account = stage.accounts.account(longest).await.expect("the store works").expect("it is there");
    assert_eq!(account.phone.as_ref(), Some(phone(1).number()));
}
