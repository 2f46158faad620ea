//! How long it takes from the scan's answer until the client that waits has its own.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{Barrier, Semaphore},
    task::JoinSet,
    time::{Instant, interval},
};

use super::{Bench, row};
use crate::{
    http::Connection,
    load::{self, Requests, insist, micros},
    logins::Login,
    product::Product,
    report::percentile,
    scans,
    stores::Beside,
};

/// How many wait all the time.
const WAITING: usize = 1000;

/// How many of them connect at the same time.
const AT_ONCE: usize = 32;

/// How many more are told, one every so often, and how many of them at the start only warm up.
const TOLD: usize = 800;
const WARM: usize = 100;
const PAUSE: Duration = Duration::from_millis(8);

/// Connections over which nobody asks at the moment.
type Spare = Arc<Mutex<Vec<Connection>>>;

/// When a client had its answer and its session.
struct Told {
    answer: Instant,
    session: Instant,
}

pub(super) async fn measure(bench: &Bench) {
    for beside in Beside::BOTH {
        let persons = (WAITING + TOLD).try_into().unwrap();
        let product = bench.product(beside, persons).await;
        for (who, as_device) in [("browser", false), ("device", true)] {
            let (mut answers, mut sessions) = wait(&product, as_device).await;
            answers.sort_by(f64::total_cmp);
            sessions.sort_by(f64::total_cmp);
            let which = format!("{}, {who}", beside.name());
            for (what, figures) in [("answer", answers), ("session", sessions)] {
                let what = format!("scan's answer → client's {what}, 1,000 waiting");
                for percent in [50, 99] {
                    row(&format!("{what}, p{percent}"), &which, vec![percentile(&figures, percent)], " µs");
                }
            }
        }
    }
}

/// Lets clients wait and some of them be told, and returns after how many microseconds they had answer and session.
async fn wait(product: &Product, as_device: bool) -> (Vec<f64>, Vec<f64>) {
    let address = product.address;
    // Each run has its own logins: the stores are the same.
    let first = if as_device { 1_000_000 } else { 0 };
    let logins: Vec<Login> = (first..).take(WAITING + TOLD).map(Login::issue).collect();
    // A login that was made here is known once it was asked for.
    let polls = Requests::new(logins.iter().map(Login::poll).collect(), 200);
    load::each(address, AT_ONCE, &polls, |_| ()).await;
    let (spare, opening): (Spare, _) = (Arc::default(), Arc::new(Semaphore::new(AT_ONCE)));
    let opened = Arc::new(Barrier::new(logins.len() + 1));
    let mut waiting = JoinSet::new();
    for (number, login) in logins.iter().cloned().enumerate() {
        let (opened, spare, opening) = (Arc::clone(&opened), Arc::clone(&spare), Arc::clone(&opening));
        waiting.spawn(async move {
            let mut connection = Connection::open(address).await.unwrap();
            let turn = opening.acquire().await;
            connection.open_stream(&login.events(as_device)).await.unwrap();
            drop(turn);
            opened.wait().await;
            connection.until(b"\"registered\"").await.unwrap();
            let answer = Instant::now();
            if as_device {
                connection.until(b"\"token\"").await.unwrap();
            } else {
                collect(&login, address, &spare).await;
            }
            (number, Told { answer, session: Instant::now() })
        });
    }
    opened.wait().await;
    product.waiting(logins.len()).await;
    let mut scanner = Connection::open(address).await.unwrap();
    let (mut answered, mut tick) = (Vec::new(), interval(PAUSE));
    for (person, login) in (0..).zip(logins.iter().take(TOLD)) {
        let scan = scans::scan(person, &login.id);
        tick.tick().await;
        let answer = insist(&mut scanner, &scan).await;
        assert_eq!(answer.status, 200, "{}", answer.said());
        answered.push(Instant::now());
    }
    let (mut answers, mut sessions) = (Vec::new(), Vec::new());
    for _ in 0..TOLD {
        let (number, told) = waiting.join_next().await.unwrap().unwrap();
        if number >= WARM {
            answers.push(micros(told.answer.saturating_duration_since(answered[number])));
            sessions.push(micros(told.session.saturating_duration_since(answered[number])));
        }
    }
    (answers, sessions)
}

/// Asks for the session as a browser does, over a connection that was used before.
async fn collect(login: &Login, address: SocketAddr, spare: &Spare) {
    let found = spare.lock().unwrap().pop();
    let mut connection = match found {
        Some(connection) => connection,
        None => Connection::open(address).await.unwrap(),
    };
    let given = insist(&mut connection, &login.poll_with_cookie()).await;
    assert!(given.text_after("\"expires_at\":\"").is_some(), "a session: {}", given.said());
    spare.lock().unwrap().push(connection);
}
