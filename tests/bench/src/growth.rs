//! Few accounts and sessions compared with many, and how fast what is over is pruned.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    load::{count, micros},
    logins::{check, old_session},
    machine,
    product::Product,
    report::{median, say},
    rows::Database,
    site_api,
    steps::{Meter, OF_NEWCOMERS, STEPS, ask, bind, take},
    stores::{Beside, Stores},
};

/// How many there are at first.
const FEW: u64 = 1000;

/// How many are measured in a round, of those who have accounts and of newcomers, who have numbers of their own; and how
/// many rounds are measured, in turn with few and with many rows.
const LOGINS: u64 = 600;
const NEWCOMERS: u64 = 50_000_000;
const ROUNDS: u64 = 3;

/// How many sessions are checked in a round that no cache knows, and then again; and of how many persons the site searches for
/// the account, by each of their keys.
const CHECKS: u64 = 6000;
const SEARCHED: u64 = 2000;

/// What is measured besides the steps of logins.
const MORE: [&str; 3] = ["session check that no cache knows", "session check", "search of the site API"];

/// How many rows are added by one statement.
const BATCH: u64 = 500_000;

/// How many sessions are over when pruning is measured, how often it is looked, and how long at the most.
const PAST: u64 = 200_000;
const LOOK: Duration = Duration::from_millis(200);
const LOOKS: usize = 900;

/// Prints what steps cost with few rows and with so many.
pub(crate) async fn run(program: PathBuf, rows: u64) {
    say(format!("processor time of ours and of the database, 1,000 accounts and sessions against {rows}\n"));
    say("| step | stores | few, µs | many, µs | ratio |");
    say("| --- | --- | --- | --- | --- |");
    for beside in Beside::BOTH {
        let (few, many) = (Grown::to(&program, beside, FEW).await, Grown::to(&program, beside, rows).await);
        let mut rounds = Vec::new();
        for round in 0..=ROUNDS {
            rounds.push((few.costs(round).await, many.costs(round).await));
        }
        // The first one prepares statements and fills caches.
        rounds.remove(0);
        for (number, step) in STEPS.into_iter().chain(OF_NEWCOMERS).chain(MORE).enumerate() {
            let few = median(rounds.iter().map(|(few, _)| few[number]).collect());
            let many = median(rounds.iter().map(|(_, many)| many[number]).collect());
            let ratio = median(rounds.iter().map(|(few, many)| many[number] / few[number]).collect());
            say(format!("| {step} | {} | {few:.0} | {many:.0} | {ratio:.2} |", beside.name()));
        }
        prune(&many.database, beside).await;
    }
}

/// A service whose database has so many accounts and sessions.
struct Grown {
    product: Product,
    database: Database,
    /// Where the database is a server.
    stores: Option<Stores>,
    rows: u64,
}

impl Grown {
    async fn to(program: &Path, beside: Beside, rows: u64) -> Self {
        let stores = Stores::start().await;
        let (product, database) = stores.product(program, beside, 0).await;
        add(&database, 0..rows).await;
        Self { product, database, stores: (beside == Beside::Servers).then_some(stores), rows }
    }

    /// Returns the microseconds of each step, of persons from everywhere among all.
    async fn costs(&self, round: u64) -> Vec<f64> {
        let known = self.persons(LOGINS);
        let from = NEWCOMERS + round * LOGINS;
        let newcomers: Vec<u64> = (from..from + LOGINS).collect();
        let steps = take(&self.product, &known, self).await.into_iter();
        let steps = steps.chain(bind(&self.product, &newcomers, self).await);
        let mut costs: Vec<f64> = steps.map(|step| micros(step) / count(known.len())).collect();
        costs.extend(self.checks(round).await);
        costs.push(self.searches().await);
        costs
    }

    /// Returns the microseconds of a check of a session that no cache knows, and of one that was checked before.
    async fn checks(&self, round: u64) -> [f64; 2] {
        let first = round * CHECKS;
        let sessions: Vec<_> =
            (first..).zip(self.persons(CHECKS)).map(|(number, person)| old_session(number, person)).collect();
        self.database.add_known_sessions(&sessions).await;
        let checks: Vec<_> = sessions.iter().map(|session| check(&session.token)).collect();
        let mut costs = [0.0; 2];
        for cost in &mut costs {
            *cost = micros(ask(self, self.product.address, checks.clone(), 200).await) / count(checks.len());
        }
        costs
    }

    /// Returns the microseconds of a search.
    async fn searches(&self) -> f64 {
        let searches: Vec<_> = self.persons(SEARCHED).into_iter().flat_map(site_api::searches).collect();
        let number = count(searches.len());
        micros(ask(self, self.product.admin, searches, 200).await) / number
    }

    /// Returns so many persons from everywhere among all.
    fn persons(&self, number: u64) -> Vec<u64> {
        (0..number).map(|one| one * self.rows / number).collect()
    }
}

/// The processor time of the service and of its database, where that is a server.
impl Meter for Grown {
    fn read(&self) -> Duration {
        let postgres = self.stores.as_ref().and_then(|stores| stores.postgres.process());
        let of_database = postgres.map_or(Duration::ZERO, |process| machine::cpu_of_children(process.id()));
        machine::cpu(self.product.process()) + of_database
    }
}

async fn add(database: &Database, numbers: Range<u64>) {
    let mut from = numbers.start;
    while from < numbers.end {
        let to = numbers.end.min(from + BATCH);
        database.add_persons(from..to).await;
        database.add_sessions(from..to, false).await;
        from = to;
    }
    database.analyze().await;
}

/// Prints how fast sessions that are over are pruned, once the service does so.
async fn prune(database: &Database, beside: Beside) {
    database.add_sessions(0..PAST, true).await;
    let (mut began, mut last) = (Instant::now(), database.past_sessions().await);
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK).await;
        let left = database.past_sessions().await;
        if last == i64::try_from(PAST).unwrap() && left == last {
            began = Instant::now();
        }
        last = left;
        if left == 0 {
            let rate = count(PAST.try_into().unwrap()) / began.elapsed().as_secs_f64();
            return say(format!("| rows pruned per second | {} | | {rate:.0} | |", beside.name()));
        }
    }
    say(format!("| rows that were not pruned in time | {} | | {last} | |", beside.name()));
}
