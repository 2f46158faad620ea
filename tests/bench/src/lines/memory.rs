//! The memory of a waiting client.

use super::{Bench, row};
use crate::{load::count, machine, stores::Beside, waiting};

/// How many wait.
const CLIENTS: usize = 4000;

pub(super) async fn measure(bench: &Bench) {
    for (what, way) in [("server-sent events", waiting::Way::Events), ("long poll", waiting::Way::LongPoll)] {
        for beside in Beside::BOTH {
            let product = bench.product(beside, 1).await;
            waiting::warm_up(&product).await;
            let before = machine::resident_kib(product.process());
            let _clients = waiting::open(&product, way, 0..CLIENTS.try_into().unwrap()).await;
            let grown = machine::resident_kib(product.process()) - before;
            let each = count(grown.try_into().unwrap()) / count(CLIENTS);
            row(&format!("memory of a waiting client, {what}"), beside.name(), vec![each], " KiB");
        }
    }
}
