//! What is asked most often, as ratios to bare actix in the same round.

use std::net::SocketAddr;

use super::{Bench, Line, row};
use crate::{
    floors::{Floor, Running},
    http::request,
    load::{self, Requests},
    logins::{self, Login, check},
    product::Product,
    scans,
    stores::Beside,
};

/// So many logins are polled in turn that none of them is polled more often than clients may: five times a second.
const LOGINS: u64 = 24_000;

/// How many sessions are checked in turn.
const SESSIONS: u64 = 64;

/// What is compared with bare actix.
struct Subject {
    line: Option<Line>,
    what: &'static str,
    which: &'static str,
    process: u32,
    address: SocketAddr,
    requests: Requests,
    ratios: Vec<f64>,
    micros: Vec<f64>,
}

pub(super) async fn measure(bench: &Bench, lines: &[Line]) {
    let hello = Running::start(Floor::Hello, "");
    let redis = Running::start(Floor::Redis, &bench.stores.redis.url());
    let bare = Requests::new(vec![request("GET", "/", "", "")], 200);
    let mut products = Vec::new();
    for beside in Beside::BOTH {
        products.push((beside, bench.product(beside, SESSIONS).await));
    }
    let mut subjects = Vec::new();
    for line in lines {
        for (beside, product) in &products {
            let (what, requests) = asked(*line, product).await;
            let (process, address) = (product.process(), product.address);
            let (ratios, micros) = (Vec::new(), Vec::new());
            let (line, which) = (Some(*line), beside.name());
            subjects.push(Subject { line, what, which, process, address, requests, ratios, micros });
        }
    }
    subjects.push(Subject {
        line: None,
        what: "floor: bare actix that reads Redis ÷ hello",
        which: "Redis",
        process: redis.process(),
        address: redis.address,
        requests: bare.clone(),
        ratios: Vec::new(),
        micros: Vec::new(),
    });
    let mut floor = Vec::new();
    for _ in 0..bench.rounds {
        let hello = load::cost(hello.process(), hello.address, &bare).await;
        floor.push(hello);
        for subject in &mut subjects {
            let micros = load::cost(subject.process, subject.address, &subject.requests).await;
            subject.micros.push(micros);
            subject.ratios.push(micros / hello);
        }
    }
    row("floor: bare actix that says hello, processor time", "", floor, " µs");
    for subject in subjects.iter().filter(|subject| subject.line == Some(Line::Forward)) {
        let is_check = |other: &&Subject| other.line == Some(Line::Check) && other.which == subject.which;
        let check = subjects.iter().find(is_check).unwrap();
        let ratios = subject.micros.iter().zip(&check.micros).map(|(ours, check)| ours / check).collect();
        row("forward-auth ÷ session check", subject.which, ratios, "");
    }
    for subject in subjects {
        row(subject.what, subject.which, subject.ratios, "");
        row("its processor time", subject.which, subject.micros, " µs");
    }
}

/// Returns what a line asks for, of a service that has answered it once before.
async fn asked(line: Line, product: &Product) -> (&'static str, Requests) {
    let address = product.address;
    match line {
        Line::Poll => {
            let polls = Requests::new((0..LOGINS).map(|number| Login::issue(number).poll()).collect(), 200);
            load::each(address, load::CONNECTIONS, &polls, |_| ()).await;
            ("poll ÷ hello", polls)
        }
        Line::Check => {
            let sessions = logins::sessions(address, SESSIONS).await;
            ("session check ÷ hello", Requests::new(sessions.iter().map(|token| check(token)).collect(), 200))
        }
        Line::Forward => {
            let sessions = logins::sessions(address, SESSIONS).await;
            let asked = sessions.iter().map(|token| logins::forward_auth(token)).collect();
            ("forward-auth ÷ hello", Requests::new(asked, 200))
        }
        Line::Token => {
            let sessions = logins::sessions(address, SESSIONS).await;
            let tokens = sessions.iter().map(|session| logins::signed_token(session)).collect();
            ("signed token (ES256) ÷ hello", Requests::new(tokens, 200))
        }
        Line::Refused => {
            let forged = (0..64).map(|number| scans::forged(&Login::issue(number).id)).collect();
            ("refused callback ÷ hello", Requests::new(forged, 403))
        }
        Line::Openid
        | Line::Codec
        | Line::Steps
        | Line::Journal
        | Line::Logins
        | Line::Wake
        | Line::Relay
        | Line::Memory
        | Line::Wire => {
            unreachable!("these are not asked for in rounds beside hello")
        }
    }
}
