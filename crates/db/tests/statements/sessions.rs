//! Rules of sessions.

use saoma_contract::values::{at, binding, login, new_session, scan, token_hash};
use saoma_db::Database;
use saoma_domain::{
    account::AccountId,
    ports::{Removal, Removed, Sessions},
};

use crate::counting::Counter;

/// Goes through the rules, each as far as it leads.
pub(crate) async fn check(database: &dyn Database, counter: &mut Counter) {
    let account = account(database).await;
    issuing(database, counter, account).await;
    ending(database, counter, account).await;
    unlinking(database, counter).await;
}

/// Makes an account of which the logins 31 to 35 are registered.
async fn account(database: &dyn Database) -> AccountId {
    database.take_scan(scan(login(31), "oFritz")).await.unwrap();
    let binding = binding(login(31), 31);
    let account = binding.new_account;
    database.bind(binding).await.unwrap();
    for number in [32, 33, 34, 35] {
        database.take_scan(scan(login(number), "oFritz")).await.unwrap();
    }
    account
}

async fn issuing(database: &dyn Database, counter: &mut Counter, account: AccountId) {
    let new = |number| new_session(login(number), account, number);
    counter.expect_holding(3, "issue a session", database.issue(new(31))).await.unwrap();
    counter.expect_holding(1, "issue it again", database.issue(new(31))).await.unwrap();
    let issued =
        counter.expect_holding(4, "issue one of before the link", database.issue(new(32))).await.unwrap();
    let found = counter.expect(1, "find", Sessions::find(database, &token_hash(31))).await;
    assert!(found.is_some());
    counter.expect(1, "touch", database.touch(issued.active.session.id, at(99))).await;
    counter.expect(1, "list", database.list(account)).await;
    counter.expect(1, "tokens", database.tokens_of(account)).await;
}

async fn ending(database: &dyn Database, counter: &mut Counter, account: AccountId) {
    let session =
        database.issue(new_session(login(33), account, 33)).await.unwrap().unwrap().active.session.id;
    let end = || Sessions::end(database, account, session, at(100));
    assert!(counter.expect(3, "end one", end()).await.is_some());
    counter.expect(1, "end it again", end()).await;
    let known = database.issue(new_session(login(35), account, 35)).await.unwrap().unwrap().active.session;
    counter.expect(2, "end a known one", database.end_known(known.clone(), at(100))).await;
    counter.expect(1, "end a known one again", database.end_known(known, at(100))).await;
    let ended = counter.expect(6, "end both others", Sessions::end_all(database, account, at(101))).await;
    assert_eq!(ended.len(), 2);
    let listed = counter.expect(1, "list what was ended", database.ended(at(101), None, 10)).await;
    assert_eq!(listed.len(), 2);
    counter.expect(2, "end all until then", Sessions::end_until(database, account, at(101), at(102))).await;
    let refused = database.issue(new_session(login(34), account, 34));
    assert_eq!(counter.expect_holding(1, "issue none", refused).await, None);
}

async fn unlinking(database: &dyn Database, counter: &mut Counter) {
    database.take_scan(scan(login(41), "oGerd")).await.unwrap();
    let first = binding(login(41), 41);
    let account = first.new_account;
    database.bind(first).await.unwrap();
    let mut at_site = scan(login(42), "oGerdOnSite");
    at_site.app = saoma_contract::values::app("site");
    let identity = at_site.new_identity;
    database.take_scan(at_site).await.unwrap();
    database.bind(binding(login(42), 41)).await.unwrap();
    let asks = database.issue(new_session(login(41), account, 41)).await.unwrap().unwrap();
    database.issue(new_session(login(42), account, 42)).await.unwrap().unwrap();
    let removal = Removal { account, identity, asked_by: asks.active.session.id, at: at(103) };
    let removed = counter
        .expect(7, "unlink an identity with a session", database.remove_identity(removal.clone()))
        .await;
    assert!(matches!(removed, Removed::Done { ended } if ended.len() == 1));
    counter.expect(2, "unlink it again", database.remove_identity(removal)).await;
}
