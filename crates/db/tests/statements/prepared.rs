//! A statement of a login is prepared once for each connection.

use saoma_contract::values::{at, binding, journal_entry, login, new_session, scan, token_hash};
use saoma_db::Database;
use saoma_domain::{
    account::AccountId,
    ports::{Logins, Sessions},
};

use crate::counting::take_prepared;

/// Lets a person log in and out twice: the second time all statements are there.
pub(crate) async fn check(database: &dyn Database) {
    database.take_scan(scan(login(200), "oNora")).await.unwrap();
    let binding = binding(login(200), 200);
    let account = binding.new_account;
    database.bind(binding).await.unwrap();
    log_in_and_out(database, account, 201).await;
    take_prepared();
    log_in_and_out(database, account, 202).await;
    assert_eq!(take_prepared(), Vec::<String>::new(), "these are prepared for every login");
}

async fn log_in_and_out(database: &dyn Database, account: AccountId, number: u64) {
    let id = login(number);
    database.take_scan(scan(id, "oNora")).await.unwrap();
    database.write_entries(vec![journal_entry("oNora", number).into()]).await.unwrap();
    Logins::find(database, id).await.unwrap().unwrap();
    let issued = database.issue(new_session(id, account, number)).await.unwrap().unwrap();
    Sessions::find(database, &token_hash(number)).await.unwrap().unwrap();
    database.touch(issued.active.session.id, at(99)).await.unwrap();
    Sessions::end(database, account, issued.active.session.id, at(100)).await.unwrap().unwrap();
    database.ping().await.unwrap();
}
