//! What the journal costs a scan: two services that differ in nothing else, in turn.

use super::{Bench, row, steps::Ours};
use crate::{
    load::{count, micros},
    product::Product,
    steps::{SCAN, take},
    stores::Beside,
};

/// How many logins a round takes through their steps.
const LOGINS: usize = 1500;

/// How many rounds there are: the difference is small.
const ROUNDS: usize = 24;

/// What `journal.keep_days` is for the one and for the other.
const WITHOUT_AND_WITH: [&str; 2] = ["0", "7"];

/// Measures the two, each beside stores of its own.
pub(super) async fn measure(benches: &[Bench; 2]) {
    let persons: Vec<u64> = (0..).take(LOGINS).collect();
    for beside in Beside::BOTH {
        let mut products = Vec::new();
        for (bench, days) in benches.iter().zip(WITHOUT_AND_WITH) {
            let more = [("journal.keep_days", days)];
            let program = &bench.program;
            let started =
                bench.stores.product_with(program, beside, persons.len().try_into().unwrap(), &more);
            products.push(started.await.0);
        }
        let mut costs = [Vec::new(), Vec::new()];
        for round in 0..=ROUNDS {
            // Each of them is the first one in every other round.
            for which in [round % 2, 1 - round % 2] {
                let cost = scan(&products[which], &persons).await;
                // The first round prepares statements and fills caches.
                if round > 0 {
                    costs[which].push(cost);
                }
            }
        }
        let [without, with] = costs;
        let ratio = with.iter().sum::<f64>() / without.iter().sum::<f64>();
        row("scan without the journal, processor time of ours", beside.name(), without, " µs");
        row("scan with the journal, processor time of ours", beside.name(), with, " µs");
        row("with the journal ÷ without, all rounds together", beside.name(), vec![ratio], "");
    }
}

/// Returns what a scan of these persons costs the service, in µs.
async fn scan(product: &Product, persons: &[u64]) -> f64 {
    micros(take(product, persons, &Ours(product)).await[SCAN]) / count(LOGINS)
}
