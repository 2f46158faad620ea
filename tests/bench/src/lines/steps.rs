//! The processor time of each step of a login.

use std::time::Duration;

use super::{Bench, row};
use crate::{
    load::{self, Requests, count, micros},
    logins::{self, Login, check, log_out},
    machine,
    product::Product,
    scans,
    stores::Beside,
};

/// How many logins a round takes through their steps, and how many at the same time.
const LOGINS: usize = 1500;
const AT_ONCE: usize = 16;

const ROUNDS: usize = 3;

const STEPS: [&str; 5] =
    ["POST /v1/logins", "scan", "poll that is given the session", "first check of a session", "log out"];

pub(super) async fn measure(bench: &Bench) {
    let mut figures = Beside::BOTH.map(|_| STEPS.map(|_| Vec::new()));
    let mut products = Vec::new();
    for beside in Beside::BOTH {
        products.push(bench.product(beside, LOGINS.try_into().unwrap()).await);
    }
    for round in 0..ROUNDS.min(bench.rounds) + 1 {
        for (product, figures) in products.iter().zip(&mut figures) {
            for (step, figures) in take(product).await.into_iter().zip(figures) {
                // The first round prepares statements and fills caches.
                if round > 0 {
                    figures.push(micros(step) / count(LOGINS));
                }
            }
        }
    }
    for (beside, figures) in Beside::BOTH.into_iter().zip(figures) {
        let whole = figures[0]
            .iter()
            .enumerate()
            .map(|(round, _)| 1e6 / figures.iter().map(|step| step[round]).sum::<f64>());
        let whole = whole.collect();
        for (step, figures) in STEPS.into_iter().zip(figures) {
            row(&format!("{step}, processor time of ours"), beside.name(), figures, " µs");
        }
        row("whole logins per second of our processor time, step by step", beside.name(), whole, "");
    }
}

/// Takes logins through their steps together, and returns the processor time of each step.
async fn take(product: &Product) -> [Duration; 5] {
    let address = product.address;
    let mut clock = Clock { process: product.process(), last: machine::cpu(product.process()) };
    let started = logins::start(address, AT_ONCE, LOGINS).await;
    let created = clock.lap();
    let scans = started.iter().zip(0..).map(|(login, person)| scans::scan(person, &login.id)).collect();
    let scanned = step(&mut clock, address, scans, 200).await;
    let polls = Requests::new(started.iter().map(Login::poll).collect(), 200);
    clock.lap();
    let tokens = load::each(address, AT_ONCE, &polls, |answer| {
        answer.text_after("\"token\":\"").unwrap_or_else(|| panic!("a session: {}", answer.said()))
    })
    .await;
    let polled = clock.lap();
    let checked = step(&mut clock, address, tokens.iter().map(|token| check(token)).collect(), 200).await;
    let out = step(&mut clock, address, tokens.iter().map(|token| log_out(token)).collect(), 204).await;
    [created, scanned, polled, checked, out]
}

async fn step(
    clock: &mut Clock,
    address: std::net::SocketAddr,
    requests: Vec<Vec<u8>>,
    status: u16,
) -> Duration {
    let requests = Requests::new(requests, status);
    clock.lap();
    load::each(address, AT_ONCE, &requests, |_| ()).await;
    clock.lap()
}

/// Counts the processor time of a process in laps.
struct Clock {
    process: u32,
    last: Duration,
}

impl Clock {
    fn lap(&mut self) -> Duration {
        let last = std::mem::replace(&mut self.last, machine::cpu(self.process));
        self.last - last
    }
}
