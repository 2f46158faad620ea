//! Whole logins, many at once: create, scan, poll with session, check, log out.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{task::JoinSet, time::Instant};

use super::{Bench, row};
use crate::{http::Connection, load::count, logins, machine, stores::Beside};

/// How many people log in at the same time, and how many logins a round has.
const AT_ONCE: usize = 64;
const LOGINS: usize = 2000;

const ROUNDS: usize = 3;

pub(super) async fn measure(bench: &Bench) {
    let mut products = Vec::new();
    for beside in Beside::BOTH {
        let persons = LOGINS.try_into().unwrap();
        products.push((beside, bench.product(beside, persons).await, Vec::new(), Vec::new()));
    }
    for (_, product, ..) in &products {
        all(product.address, LOGINS / 4).await;
    }
    for _ in 0..ROUNDS.min(bench.rounds) {
        for (_, product, per_second, per_cpu) in &mut products {
            let (began, cpu) = (Instant::now(), machine::cpu(product.process()));
            all(product.address, LOGINS).await;
            per_second.push(count(LOGINS) / began.elapsed().as_secs_f64());
            per_cpu.push(count(LOGINS) / (machine::cpu(product.process()) - cpu).as_secs_f64());
        }
    }
    for (beside, _, per_second, per_cpu) in products {
        row("whole logins per second of our processor time, 64 at once", beside.name(), per_cpu, "");
        row("whole logins per second, 64 at once, all on this machine", beside.name(), per_second, "");
    }
}

async fn all(address: SocketAddr, logins: usize) {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        let next = Arc::clone(&next);
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await.unwrap();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= logins {
                    return;
                }
                logins::whole(&mut connection, number.try_into().unwrap()).await;
            }
        });
    }
    tasks.join_all().await;
}
