//! What the login of a known person costs, from the scan until they log out.
//!
//! Creating the login, polling it and checking its session cost nothing here: the caches have what they need.

use saoma_contract::values::{at, binding, journal_entry, login, new_session, scan};
use saoma_db::Database;
use saoma_domain::ports::{NewSession, Scan};

use crate::counting::Counter;

/// Goes through the login.
pub(crate) async fn check(database: &dyn Database, counter: &mut Counter) {
    database.take_scan(scan(login(61), "oIda")).await.unwrap();
    let binding = binding(login(61), 61);
    let account = binding.new_account;
    database.bind(binding).await.unwrap();

    let scan = Scan { at: at(5), ..scan(login(62), "oIda") };
    let told = Scan { entry: Some(journal_entry("oIda", 5).into()), ..scan };
    // One statement writes both rows in PostgreSQL.
    let statements = if counter.is_postgres { 2 } else { 3 };
    counter.expect(statements, "scan", database.take_scan(told.clone())).await;
    counter.round_trips(statements, "scan: the read, and the row with the journal's entry");
    counter
        .expect(
            2,
            "repeated scan",
            database.take_scan(Scan { entry: Some(journal_entry("oIda", 6).into()), ..told }),
        )
        .await;
    let new = NewSession { at: at(6), ..new_session(login(62), account, 62) };
    let issued = counter.expect_holding(3, "first poll", database.issue(new)).await.unwrap();
    counter.round_trips(4, "first poll: the account held, the read, the session, the trail with the commit");
    let session = issued.active.session;
    counter.expect(2, "log out", database.end_known(session, at(100))).await;
    counter.round_trips(3, "log out: the beginning, the session, the trail with the commit");
}
