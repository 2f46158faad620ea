//! Load: prepared requests in turn over connections that are kept, each of which asks again as soon as it is answered.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{task::JoinSet, time::Instant};

use crate::{
    http::{Answer, Connection},
    machine,
};

/// How many connections ask at the same time.
pub(crate) const CONNECTIONS: usize = 32;

/// How long a server is warmed up before it is measured, and how long it is measured in a round.
const WARM: Duration = Duration::from_millis(200);
const ROUND: Duration = Duration::from_millis(1500);

/// The status that says so, and how long it is waited until then.
const TRY_AGAIN: u16 = 503;
const PAUSE: Duration = Duration::from_millis(50);

static ASKED_AGAIN: AtomicUsize = AtomicUsize::new(0);

/// What is asked for, and which status each answer has to have.
#[derive(Clone)]
pub(crate) struct Requests {
    pub(crate) bytes: Arc<Vec<Vec<u8>>>,
    pub(crate) status: u16,
}

impl Requests {
    pub(crate) fn new(bytes: Vec<Vec<u8>>, status: u16) -> Self {
        Self { bytes: Arc::new(bytes), status }
    }
}

/// Returns the microseconds of processor time that a process takes for one request.
///
/// # Panics
/// When an answer has another status than it should.
pub(crate) async fn cost(process: u32, address: SocketAddr, requests: &Requests) -> f64 {
    ask_for(address, requests, WARM).await;
    let before = machine::cpu(process);
    let answered = ask_for(address, requests, ROUND).await;
    micros(machine::cpu(process) - before) / count(answered)
}

/// Asks for as long as said, and returns how many answers came.
async fn ask_for(address: SocketAddr, requests: &Requests, time: Duration) -> usize {
    let until = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for number in 0..CONNECTIONS {
        tasks.spawn(ask_until(address, requests.clone(), number, until));
    }
    tasks.join_all().await.into_iter().sum()
}

async fn ask_until(address: SocketAddr, requests: Requests, number: usize, until: Instant) -> usize {
    let mut connection = Connection::open(address).await.expect("the server takes connections");
    // Each connection has its own part of the requests and goes round in it.
    let part = (requests.bytes.len() / CONNECTIONS).max(1);
    let first = number * part % requests.bytes.len();
    let mut answered = 0;
    while Instant::now() < until {
        let request = &requests.bytes[first + answered % part];
        let answer = connection.exchange(request).await.expect("the server answers");
        assert_eq!(answer.status, requests.status, "{}", answer.said());
        answered += 1;
    }
    answered
}

/// Sends each request once, over so many connections at the same time, and returns what is read from the answers.
///
/// # Panics
/// When an answer has another status than it should.
pub(crate) async fn each<T: Send + 'static>(
    address: SocketAddr,
    connections: usize,
    requests: &Requests,
    read: fn(&Answer<'_>) -> T,
) -> Vec<T> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let (requests, next) = (requests.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await.expect("the server takes connections");
            let mut found = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = requests.bytes.get(number) else { return found };
                let answer = insist(&mut connection, request).await;
                assert_eq!(answer.status, requests.status, "{}", answer.said());
                found.push((number, read(&answer)));
            }
        });
    }
    let mut found: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, found)| found).collect()
}

/// Asks until the answer is another one than "try again": WeChat and clients do so too. What that costs is counted.
pub(crate) async fn insist<'c>(connection: &'c mut Connection, request: &[u8]) -> Answer<'c> {
    while connection.exchange(request).await.expect("the server answers").status == TRY_AGAIN {
        ASKED_AGAIN.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
    }
    connection.last()
}

/// Returns how often something was asked again since the last call.
pub(crate) fn asked_again() -> usize {
    ASKED_AGAIN.swap(0, Ordering::Relaxed)
}

/// Returns a time in microseconds.
pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Returns a number that is counted here as one to divide by.
#[expect(clippy::cast_precision_loss, reason = "nothing here is counted up to 2^52")]
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}
