//! The processor time of each step of a login.

use std::time::Duration;

use super::{Bench, row};
use crate::{
    load::{count, micros},
    machine,
    product::Product,
    steps::{Meter, STEPS, take},
    stores::Beside,
};

/// How many logins a round takes through their steps.
const LOGINS: usize = 1500;

const ROUNDS: usize = 3;

pub(super) async fn measure(bench: &Bench) {
    let mut figures = Beside::BOTH.map(|_| STEPS.map(|_| Vec::new()));
    let persons: Vec<u64> = (0..).take(LOGINS).collect();
    let mut products = Vec::new();
    for beside in Beside::BOTH {
        products.push(bench.product(beside, persons.len().try_into().unwrap()).await);
    }
    for round in 0..=ROUNDS.min(bench.rounds) {
        for (product, figures) in products.iter().zip(&mut figures) {
            let steps = take(product, &persons, &Ours(product)).await;
            for (step, figures) in steps.into_iter().zip(figures) {
                // The first round prepares statements and fills caches.
                if round > 0 {
                    figures.push(micros(step) / count(LOGINS));
                }
            }
        }
    }
    for (beside, figures) in Beside::BOTH.into_iter().zip(figures) {
        let of_round = |round: usize| 1e6 / figures.iter().map(|step| step[round]).sum::<f64>();
        let whole = (0..figures[0].len()).map(of_round).collect();
        for (step, figures) in STEPS.into_iter().zip(figures) {
            row(&format!("{step}, processor time of ours"), beside.name(), figures, " µs");
        }
        row("whole logins per second of our processor time, step by step", beside.name(), whole, "");
    }
}

/// The processor time of the service alone.
pub(super) struct Ours<'p>(pub(super) &'p Product);

impl Meter for Ours<'_> {
    fn read(&self) -> Duration {
        machine::cpu(self.0.process())
    }
}
