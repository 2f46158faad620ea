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
    counter.expect(2, "scan", database.take_scan(scan)).await;
    counter.round_trips(2, "scan: the read, and the row by itself");
    counter.expect(1, "journal", database.write_entries(vec![journal_entry("oIda", 5)])).await;
    counter.round_trips(1, "journal: the entry by itself");
    let new = NewSession { at: at(6), ..new_session(login(62), account, 62) };
    let issued = counter.expect_holding(3, "first poll", database.issue(new)).await.unwrap();
    counter.round_trips(4, "first poll: the account held, the read, the session, the trail with the commit");
    let session = issued.active.session;
    counter.expect(2, "log out", database.end_known(session, at(100))).await;
    counter.round_trips(3, "log out: the beginning, the session, the trail with the commit");
}
