//! Clients that wait on one node, and the memory that they take.

use std::{ops::Range, path::PathBuf, time::Duration};

use tokio::task::JoinSet;

use crate::{
    http::Connection,
    load::{self, Requests},
    logins::Login,
    machine,
    product::Product,
    report::say,
    stores::{Beside, Stores},
};

/// How many connect at the same time.
const AT_ONCE: usize = 64;

/// How clients wait.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Events,
    LongPoll,
}

/// Prints the memory of a node on which so many clients wait, beside each kind of stores.
pub(crate) async fn run(program: PathBuf, clients: usize) {
    let stores = Stores::start().await;
    say("| stores | clients | at rest, MiB | waiting, MiB | each, KiB |");
    say("| --- | --- | --- | --- | --- |");
    for beside in Beside::BOTH {
        let product = stores.product(&program, beside, 1).await.0;
        warm_up(&product).await;
        let before = machine::resident_kib(product.process());
        let _clients = open(&product, Way::Events, 0..clients.try_into().unwrap()).await;
        // All that is done for those who wait has been done a few times by then.
        tokio::time::sleep(Duration::from_secs(10)).await;
        let waiting = machine::resident_kib(product.process());
        let each = load::count((waiting - before).try_into().unwrap()) / load::count(clients);
        say(format!(
            "| {} | {clients} | {} | {} | {each:.1} |",
            beside.name(),
            before / 1024,
            waiting / 1024
        ));
    }
}

/// Lets a service do what it does once only.
pub(crate) async fn warm_up(product: &Product) {
    let polls = (0..1000).map(|number| Login::issue(5_000_000 + number).poll()).collect();
    load::each(product.address, AT_ONCE, &Requests::new(polls, 200), |_| ()).await;
}

/// Opens connections of clients that wait, and returns them once the service counts them all.
pub(crate) async fn open(product: &Product, way: Way, numbers: Range<u64>) -> Vec<Connection> {
    let (address, clients) = (product.address, numbers.end - numbers.start);
    let mut opening = JoinSet::new();
    let mut open = Vec::new();
    for number in numbers {
        if opening.len() == AT_ONCE {
            open.push(opening.join_next().await.unwrap().unwrap());
        }
        opening.spawn(async move {
            let (login, mut connection) = (Login::issue(number), Connection::open(address).await.unwrap());
            match way {
                Way::Events => connection.open_stream(&login.events(true)).await.unwrap(),
                Way::LongPoll => connection.send(&login.long_poll()).await.unwrap(),
            }
            connection
        });
    }
    open.extend(opening.join_all().await);
    product.waiting(clients.try_into().unwrap()).await;
    open
}
