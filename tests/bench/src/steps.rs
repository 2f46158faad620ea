//! What each step of a login costs.

use std::{net::SocketAddr, time::Duration};

use crate::{
    load::{self, Requests},
    logins::{self, Login, check, log_out},
    product::Product,
    scans,
};

/// How many requests are made at the same time.
const AT_ONCE: usize = 16;

/// The steps that [`take`] takes.
pub(crate) const STEPS: [&str; 5] =
    ["POST /v1/logins", "scan", "poll that is given the session", "first check of a session", "log out"];

/// Which of them the scan is.
pub(crate) const SCAN: usize = 1;

/// The steps that [`bind`] takes.
pub(crate) const OF_NEWCOMERS: [&str; 3] = ["scan of a new person", "SMS code", "binding the phone"];

/// Reads how much was used so far of what the steps are to be measured by.
pub(crate) trait Meter {
    fn read(&self) -> Duration;
}

/// Logs persons in who have accounts, all of them one step after the other, and returns what each step took in all.
pub(crate) async fn take(product: &Product, persons: &[u64], meter: &impl Meter) -> [Duration; 5] {
    let address = product.address;
    let before = meter.read();
    let started = logins::start(address, AT_ONCE, persons.len()).await;
    let created = meter.read() - before;
    let scans = started.iter().zip(persons).map(|(login, person)| scans::scan(*person, &login.id)).collect();
    let scanned = ask(meter, address, scans, 200).await;
    let polls = Requests::new(started.iter().map(Login::poll).collect(), 200);
    let before = meter.read();
    let tokens = load::each(address, AT_ONCE, &polls, |answer| {
        answer.text_after("\"token\":\"").unwrap_or_else(|| panic!("a session: {}", answer.said()))
    })
    .await;
    let polled = meter.read() - before;
    let checked = ask(meter, address, tokens.iter().map(|token| check(token)).collect(), 200).await;
    let out = ask(meter, address, tokens.iter().map(|token| log_out(token)).collect(), 204).await;
    [created, scanned, polled, checked, out]
}

/// Lets persons log in who are new, and bind their phones; returns what each step took in all.
pub(crate) async fn bind(product: &Product, persons: &[u64], meter: &impl Meter) -> [Duration; 3] {
    let address = product.address;
    let logins = logins::start(address, AT_ONCE, persons.len()).await;
    let both = || logins.iter().zip(persons);
    let scans = both().map(|(login, person)| scans::scan(*person, &login.id)).collect();
    let scanned = ask(meter, address, scans, 200).await;
    let asked =
        ask(meter, address, both().map(|(login, person)| login.ask_for_code(*person)).collect(), 202).await;
    let bound = ask(meter, address, both().map(|(login, person)| login.bind(*person)).collect(), 200).await;
    [scanned, asked, bound]
}

/// Asks for all of this, and returns what it took.
pub(crate) async fn ask(
    meter: &impl Meter,
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    status: u16,
) -> Duration {
    let requests = Requests::new(requests, status);
    let before = meter.read();
    load::each(address, AT_ONCE, &requests, |_| ()).await;
    meter.read() - before
}
