//! What becomes of waits, checks and new logins when three times more is asked for than the service can do.
//!
//! The service has one core; the driver and the stores have another, so that what they do is no load of the service.

use std::{cell::RefCell, net::SocketAddr, path::PathBuf, rc::Rc, time::Duration};

use tokio::{
    task::{LocalSet, spawn_local},
    time::{Instant, interval, sleep},
};

use crate::{
    http::Connection,
    load::{count, micros},
    logins::{self, Login, check, create, log_out},
    machine,
    product::Product,
    report::{percentile, say},
    scans,
    stores::{Beside, Stores},
};

/// How many persons have accounts, and how many of them have sessions that are checked all the time.
const PERSONS: u64 = 4000;
const CHECKED: u64 = 32;

/// How many log in at once when the capacity is measured.
const AT_ONCE: usize = 32;

/// How long the capacity is measured, and each load after it.
const CAPACITY: Duration = Duration::from_secs(8);
const LOAD: Duration = Duration::from_secs(20);

/// How much is asked for, as a multiple of the capacity of that moment.
const TIMES: [f64; 6] = [0.5, 1.0, 2.0, 3.0, 3.0, 3.0];

/// How often a session is checked, and a waiting client told.
const CHECK_EVERY: Duration = Duration::from_millis(20);
const TELL_EVERY: Duration = Duration::from_millis(50);

/// So many clients are told in the course of a load, and so many wait at the same time at the most.
const BEGUN_EVERY: Duration = Duration::from_millis(10);

/// A login that is not over by then is none that was done.
const LATE: Duration = Duration::from_secs(30);

/// The result of a load. A login whose client waits counts in `wakes`, and not in `done`.
#[derive(Default)]
struct Seen {
    begun: usize,
    done: usize,
    /// Put off at the start, and at a later step; without a `Retry-After`; refused or broken off.
    shed: usize,
    shed_later: usize,
    impolite: usize,
    failed: usize,
    checks_shed: usize,
    checks: Vec<f64>,
    wakes: Vec<f64>,
    is_over: bool,
    spare: Vec<Connection>,
}

type Shared = Rc<RefCell<Seen>>;

/// Prints the results of 0.5, 1, 2 and 3 times the capacity, and how much of the capacity was left at 3 times.
///
/// A database that grows makes logins dearer. So the capacity is measured again around each load, and what is done under
/// the load is a part of the mean of the two.
pub(crate) async fn run(program: PathBuf) {
    say(
        "| stores | asked for, of the capacity | logins/s asked | done | of what could be done | put off at the start | later | without Retry-After | failed | checks p50 · p99, ms | put off | told after, p50 · p99, ms |",
    );
    say("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    // All that is started has this core from then on, and the service is given the other one.
    machine::keep_to_core(std::process::id(), 1);
    for beside in Beside::BOTH {
        let stores = Stores::start().await;
        let product = stores.product(&program, beside, PERSONS).await.0;
        machine::keep_to_core(product.process(), 0);
        let sessions = logins::sessions(product.address, CHECKED).await;
        let mut before = capacity(product.address).await;
        for times in TIMES {
            let seen = load(&product, &sessions, before * times).await;
            // What was put off has to be over before the next measurement.
            sleep(Duration::from_secs(3)).await;
            let after = capacity(product.address).await;
            print(beside, times, f64::midpoint(before, after), &seen.borrow());
            before = after;
        }
    }
}

/// Returns how many whole logins a second are done when so many log in at once all the time.
async fn capacity(address: SocketAddr) -> f64 {
    let done = Rc::new(RefCell::new(0_usize));
    let until = Instant::now() + CAPACITY;
    let local = LocalSet::new();
    for number in 0..AT_ONCE {
        let done = Rc::clone(&done);
        local.spawn_local(async move {
            let mut connection = Connection::open(address).await.unwrap();
            let mut persons = (number as u64..PERSONS).step_by(AT_ONCE).cycle();
            while Instant::now() < until {
                logins::whole(&mut connection, persons.next().unwrap()).await;
                *done.borrow_mut() += 1;
            }
        });
    }
    local.await;
    count(*done.borrow()) / CAPACITY.as_secs_f64()
}

/// Begins so many logins a second whatever becomes of them, with checks and waits beside.
async fn load(product: &Product, sessions: &[String], per_second: f64) -> Shared {
    let (seen, address) = (Shared::default(), product.address);
    let local = LocalSet::new();
    local.spawn_local(check_all_the_time(address, sessions.to_vec(), Rc::clone(&seen)));
    local.spawn_local(tell_all_the_time(address, Rc::clone(&seen)));
    let shared = Rc::clone(&seen);
    local.spawn_local(async move {
        let (began, mut tick) = (Instant::now(), interval(BEGUN_EVERY));
        while began.elapsed() < LOAD {
            tick.tick().await;
            let due = began.elapsed().as_secs_f64() * per_second;
            while count(shared.borrow().begun) < due {
                let person = shared.borrow().begun as u64 % PERSONS;
                shared.borrow_mut().begun += 1;
                spawn_local(log_in(address, person, Rc::clone(&shared)));
            }
        }
        shared.borrow_mut().is_over = true;
    });
    // Those that are under way may end.
    let _ = tokio::time::timeout(LOAD + LATE, local).await;
    seen
}

async fn log_in(address: SocketAddr, person: u64, seen: Shared) {
    let spare = seen.borrow_mut().spare.pop();
    let connection = match spare {
        Some(connection) => Ok(connection),
        None => Connection::open(address).await,
    };
    let Ok(mut connection) = connection else { return seen.borrow_mut().failed += 1 };
    match tokio::time::timeout(LATE, steps(&mut connection, person, &seen)).await {
        Ok(Ok(())) => seen.borrow_mut().spare.push(connection),
        Ok(Err(_)) | Err(_) => seen.borrow_mut().failed += 1,
    }
}

/// Takes the steps of a login, and does not insist on any.
async fn steps(connection: &mut Connection, person: u64, seen: &Shared) -> std::io::Result<()> {
    let answer = connection.exchange(&create()).await?;
    if answer.status != 201 {
        let is_impolite = !connection.last_head_has("retry-after:");
        let mut seen = seen.borrow_mut();
        seen.shed += 1;
        seen.impolite += usize::from(is_impolite);
        return Ok(());
    }
    let login = Login {
        id: answer.text_after("\"id\":\"").unwrap_or_default(),
        poll_token: answer.text_after("\"poll_token\":\"").unwrap_or_default(),
    };
    let scanned = connection.exchange(&scans::scan(person, &login.id)).await?.status;
    let session = connection.exchange(&login.poll()).await?.text_after("\"token\":\"");
    let Some(session) = session.filter(|_| scanned == 200) else {
        seen.borrow_mut().shed_later += 1;
        return Ok(());
    };
    let checked = connection.exchange(&check(&session)).await?.status;
    let ended = connection.exchange(&log_out(&session)).await?.status;
    let mut seen = seen.borrow_mut();
    if (checked, ended) == (200, 204) {
        seen.done += 1;
    } else {
        seen.shed_later += 1;
    }
    Ok(())
}

async fn check_all_the_time(address: SocketAddr, sessions: Vec<String>, seen: Shared) {
    let mut tick = interval(CHECK_EVERY);
    for session in sessions.iter().cycle() {
        tick.tick().await;
        if seen.borrow().is_over {
            return;
        }
        let (request, seen) = (check(session), Rc::clone(&seen));
        spawn_local(async move {
            let began = Instant::now();
            let Ok(mut connection) = Connection::open(address).await else { return };
            let status = connection.exchange(&request).await.map(|answer| answer.status);
            let mut seen = seen.borrow_mut();
            match status {
                Ok(200) => seen.checks.push(micros(began.elapsed()) / 1000.0),
                Ok(_) | Err(_) => seen.checks_shed += 1,
            }
        });
    }
}

/// Lets a client wait and be told, again and again.
async fn tell_all_the_time(address: SocketAddr, seen: Shared) {
    let mut tick = interval(TELL_EVERY);
    for number in 0.. {
        tick.tick().await;
        if seen.borrow().is_over {
            return;
        }
        let first = u64::try_from(scans::now().as_millis()).unwrap();
        spawn_local(tell(address, Login::issue(first), number % PERSONS, Rc::clone(&seen)));
    }
}

async fn tell(address: SocketAddr, login: Login, person: u64, seen: Shared) {
    let told = async {
        let mut waiting = Connection::open(address).await?;
        waiting.send(&login.events(false)).await?;
        waiting.until(b"\r\n\r\n").await?;
        let mut scanner = Connection::open(address).await?;
        let scanned = scanner.exchange(&scans::scan(person, &login.id)).await?.status;
        let answered = Instant::now();
        waiting.until(b"\"registered\"").await?;
        Ok::<_, std::io::Error>((scanned == 200).then(|| micros(answered.elapsed()) / 1000.0))
    };
    if let Ok(Ok(Some(took))) = tokio::time::timeout(LATE, told).await {
        seen.borrow_mut().wakes.push(took);
    }
}

fn print(beside: Beside, times: f64, capacity: f64, seen: &Seen) {
    let per_second = |number: usize| count(number) / LOAD.as_secs_f64();
    let both = |figures: &[f64]| {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        if sorted.is_empty() {
            return "none".to_owned();
        }
        format!("{:.1} · {:.1}", percentile(&sorted, 50), percentile(&sorted, 99))
    };
    say(format!(
        "| {} | {times} | {:.0} | {:.0} | {:.0} % | {} | {} | {} | {} | {} | {} | {} |",
        beside.name(),
        per_second(seen.begun),
        per_second(seen.done),
        per_second(seen.done) / capacity * 100.0,
        seen.shed,
        seen.shed_later,
        seen.impolite,
        seen.failed,
        both(&seen.checks),
        seen.checks_shed,
        both(&seen.wakes),
    ));
}
