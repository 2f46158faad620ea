//! Rules of logins.

use saoma_contract::values::{app, at, binding, link, login, scan, union};
use saoma_db::Database;
use saoma_domain::{
    account::AccountId,
    login::{Channel, LoginEvent, LoginId, LoginState},
    ports::{Bound, Logins, PendingLink, Scan, ScanTaken},
    wechat::Profile,
};

use crate::counting::Counter;

/// Goes through the rules, each as far as it leads.
pub(crate) async fn check(database: &dyn Database, counter: &mut Counter) {
    let anna = scan_and_bind(database, counter).await;
    let bert = known_numbers(database, counter).await;
    unionids(database, counter, anna).await;
    pending_links(database, counter, bert).await;
    cancelling(database, counter).await;
}

fn on_site(login: LoginId, openid: &str) -> Scan {
    Scan { app: app("site"), channel: Channel::Website, ..scan(login, openid) }
}

async fn scan_and_bind(database: &dyn Database, counter: &mut Counter) -> AccountId {
    let new = Scan { union: Some(union("uAnna")), ..scan(login(1), "oAnna") };
    counter.expect(4, "first scan of a new person", database.take_scan(new.clone())).await;
    counter.expect(1, "repeated scan", database.take_scan(new)).await;
    counter.expect(1, "repeated scan by another", database.take_scan(scan(login(1), "oBert"))).await;
    counter.expect(3, "scan of a waiting person", database.take_scan(scan(login(2), "oAnna"))).await;
    counter.expect(1, "find", Logins::find(database, login(1))).await;
    counter.expect(1, "find many", database.find_many(&[login(1), login(2)])).await;

    let binding = binding(login(1), 1);
    let bound = counter.expect(8, "bind a new number", database.bind(binding.clone())).await;
    assert!(matches!(bound, Bound::Registered(_)), "{bound:?}");
    counter.expect(1, "bind again", database.bind(binding.clone())).await;
    counter.expect(2, "first scan of a known person", database.take_scan(scan(login(3), "oAnna"))).await;
    let profile = Profile { nickname: Some("Anna".to_owned()), avatar_url: None };
    let told = Scan { profile, ..scan(login(4), "oAnna") };
    counter.expect(3, "scan that tells news", database.take_scan(told)).await;
    binding.new_account
}

async fn known_numbers(database: &dyn Database, counter: &mut Counter) -> AccountId {
    database.take_scan(scan(login(5), "oBert")).await.unwrap();
    let first = binding(login(5), 2);
    let account = first.new_account;
    database.bind(first).await.unwrap();
    database.take_scan(on_site(login(6), "oBertOnSite")).await.unwrap();
    counter.expect(8, "bind a known number", database.bind(binding(login(6), 2))).await;
    database.take_scan(scan(login(7), "oCarl")).await.unwrap();
    let taken = counter.expect(4, "bind a taken number", database.bind(binding(login(7), 2))).await;
    assert_eq!(taken, Bound::PhoneTaken);
    account
}

async fn unionids(database: &dyn Database, counter: &mut Counter, anna: AccountId) {
    let known = Scan { union: Some(union("uAnna")), ..on_site(login(8), "oAnnaOnSite") };
    let ScanTaken::First(record) =
        counter.expect(6, "first scan, known by a unionid", database.take_scan(known)).await
    else {
        panic!("it is the first scan");
    };
    assert!(matches!(record.login.state, LoginState::Registered { account, .. } if account == anna));
    let in_mini = Scan { app: app("mini"), channel: Channel::MiniProgram, ..scan(login(9), "oAnnaInMini") };
    let ScanTaken::First(record) = database.take_scan(in_mini).await.unwrap() else {
        panic!("it is the first scan");
    };
    let late = link(login(9), record.identity, "uAnna");
    assert!(counter.expect(8, "link to an account", database.link(late.clone())).await.is_some());
    counter.expect(2, "link again", database.link(late)).await;
    let ScanTaken::First(record) = database.take_scan(scan(login(10), "oDora")).await.unwrap() else {
        panic!("it is the first scan");
    };
    let unknown = link(login(10), record.identity, "uDora");
    counter.expect(3, "link to nothing", database.link(unknown)).await;
    let conflicting = Scan { union: Some(union("uAnna")), ..scan(login(11), "oBert") };
    let statements = if counter.on_server { 5 } else { 6 };
    counter.expect(statements, "scan that finds a conflict", database.take_scan(conflicting)).await;
}

async fn pending_links(database: &dyn Database, counter: &mut Counter, bert: AccountId) {
    let pending = |number| PendingLink { login: login(number), account: bert, at: at(0) };
    counter.expect(2, "add a pending link", database.add_pending_link(pending(12))).await;
    counter.expect(1, "add a pending link again", database.add_pending_link(pending(12))).await;
    counter.expect(1, "find with a pending link", Logins::find(database, login(12))).await;
    let in_mini = Scan { app: app("mini"), channel: Channel::MiniProgram, ..scan(login(12), "oBertInMini") };
    let linked = counter.expect(7, "first scan with a pending link", database.take_scan(in_mini)).await;
    assert!(matches!(&linked, ScanTaken::First(record) if record.linked), "{linked:?}");

    database.add_pending_link(pending(13)).await.unwrap();
    let of_another = scan(login(13), "oAnna");
    let refused = counter.expect(5, "refused link", database.take_scan(of_another.clone())).await;
    assert!(matches!(refused, ScanTaken::LinkRefused(_)), "{refused:?}");
    counter.expect(1, "refused link again", database.take_scan(of_another)).await;
    database.add_pending_link(pending(14)).await.unwrap();
    let cancel = Logins::end(database, login(14), LoginEvent::Cancelled, at(1));
    counter.expect(2, "cancel with a pending link", cancel).await;
}

async fn cancelling(database: &dyn Database, counter: &mut Counter) {
    let cancel = |number| Logins::end(database, login(number), LoginEvent::Cancelled, at(1));
    counter.expect(2, "cancel", cancel(15)).await;
    counter.expect(1, "cancel again", cancel(15)).await;
    database.take_scan(scan(login(16), "oEmil")).await.unwrap();
    counter.expect(2, "cancel after the scan", cancel(16)).await;
}
