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
    floors::{Floor, Running},
    http::{Connection, request},
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

/// All of them.
const PERSONS: u64 = 1800;

/// Connections without a request under way.
type Spare = Arc<Mutex<Vec<Connection>>>;

/// When a client had its answer and its session.
struct Told {
    answer: Instant,
    session: Instant,
}

/// Who waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    /// A browser, which asks for its session once it has the news.
    Browser,
    /// A device, which is given its session with the news.
    Device,
    /// A client of bare actix.
    Bare,
}

impl Who {
    /// Returns the stream that a client waits by.
    fn stream(self, number: u64, login: &Login) -> Vec<u8> {
        match self {
            Self::Browser => login.events(false),
            Self::Device => login.events(true),
            Self::Bare => request("GET", &format!("/wait/{number}"), "", ""),
        }
    }

    /// Returns what is the client's news.
    fn news(self, number: u64, login: &Login) -> Vec<u8> {
        match self {
            Self::Browser | Self::Device => scans::scan(number % PERSONS, &login.id),
            Self::Bare => request("POST", &format!("/tell/{number}"), "Content-Length: 0\r\n", ""),
        }
    }
}

pub(super) async fn measure(bench: &Bench) {
    let floor = Running::start(Floor::Events, "");
    let told = wait(floor.address, Who::Bare, logins(0), None).await;
    print("floor: bare actix, in the process", Who::Bare, told);
    for beside in Beside::BOTH {
        let product = bench.product(beside, PERSONS).await;
        // Each run has its own logins: the stores are the same.
        for (who, name, first) in [(Who::Browser, "browser", 0), (Who::Device, "device", PERSONS)] {
            let logins = logins(first);
            // A login that was made here is known once it was asked for.
            let polls = Requests::new(logins.iter().map(|(_, login)| login.poll()).collect(), 200);
            load::each(product.address, AT_ONCE, &polls, |_| ()).await;
            let told = wait(product.address, who, logins, Some(&product)).await;
            print(&format!("{}, {name}", beside.name()), who, told);
        }
    }
}

/// Makes logins from a number on.
fn logins(first: u64) -> Vec<(u64, Login)> {
    (first..first + PERSONS).map(|number| (number, Login::issue(number))).collect()
}

/// Prints after how many microseconds clients had answer and session.
fn print(which: &str, who: Who, (mut answers, mut sessions): (Vec<f64>, Vec<f64>)) {
    answers.sort_by(f64::total_cmp);
    sessions.sort_by(f64::total_cmp);
    for (what, figures) in [("answer", answers), ("session", sessions)] {
        let what = format!("scan's answer → client's {what}, 1,000 waiting");
        for percent in [50, 99].into_iter().filter(|_| who != Who::Bare || what.contains("answer,")) {
            row(&format!("{what}, p{percent}"), which, vec![percentile(&figures, percent)], " µs");
        }
    }
}

/// Lets clients wait and some of them be told, and returns after how many microseconds they had answer and session.
async fn wait(
    address: SocketAddr,
    who: Who,
    logins: Vec<(u64, Login)>,
    product: Option<&Product>,
) -> (Vec<f64>, Vec<f64>) {
    let (spare, opening): (Spare, _) = (Arc::default(), Arc::new(Semaphore::new(AT_ONCE)));
    let opened = Arc::new(Barrier::new(WAITING + TOLD + 1));
    let mut waiting = JoinSet::new();
    for (at, (number, login)) in logins.iter().cloned().enumerate() {
        let (opened, spare, opening) = (Arc::clone(&opened), Arc::clone(&spare), Arc::clone(&opening));
        waiting.spawn(async move {
            let mut connection = Connection::open(address).await.unwrap();
            let turn = opening.acquire().await;
            connection.open_stream(&who.stream(number, &login)).await.unwrap();
            drop(turn);
            opened.wait().await;
            connection.until(b"\"registered\"").await.unwrap();
            let answer = Instant::now();
            match who {
                Who::Browser => collect(&login, address, &spare).await,
                Who::Device => drop(connection.until(b"\"token\"").await.unwrap()),
                Who::Bare => {}
            }
            (at, Told { answer, session: Instant::now() })
        });
    }
    opened.wait().await;
    if let Some(product) = product {
        product.waiting(WAITING + TOLD).await;
    }
    let mut scanner = Connection::open(address).await.unwrap();
    let (mut answered, mut tick) = (Vec::new(), interval(PAUSE));
    for (number, login) in logins.iter().take(TOLD) {
        let news = who.news(*number, login);
        tick.tick().await;
        let answer = insist(&mut scanner, &news).await;
        assert_eq!(answer.status, 200, "{}", answer.said());
        answered.push(Instant::now());
    }
    let (mut answers, mut sessions) = (Vec::new(), Vec::new());
    for _ in 0..TOLD {
        let (at, told) = waiting.join_next().await.unwrap().unwrap();
        if at >= WARM {
            answers.push(micros(told.answer.saturating_duration_since(answered[at])));
            sessions.push(micros(told.session.saturating_duration_since(answered[at])));
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
