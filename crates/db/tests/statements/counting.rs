//! Counting the statements of all connections of this process.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use saoma_domain::ports::StoreError;

static STATEMENTS: AtomicU32 = AtomicU32::new(0);

/// How often something was sent: several statements that are sent at once are one round trip, those that frame a
/// transaction are some, too.
static ROUND_TRIPS: AtomicU32 = AtomicU32::new(0);

/// The statements that had to be prepared.
static PREPARED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What was sent since it was asked for, without its values.
static SENT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// How the statements begin that frame a transaction; they are not a rule's.
const FRAME: [&str; 5] = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];

/// Lets every connection that is opened from now on count its statements.
pub(crate) fn begin() {
    let counting =
        || Some(Box::new(|event: InstrumentationEvent<'_>| count(&event)) as Box<dyn Instrumentation>);
    set_default_instrumentation(counting).expect("this is the only instrumentation");
}

fn count(event: &InstrumentationEvent<'_>) {
    if let InstrumentationEvent::CacheQuery { sql, .. } = event {
        prepared(sql);
    }
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        sent(&query.to_string());
    }
}

/// Counts what is sent at once: one statement, or several.
fn sent(text: &str) {
    // Diesel does not keep a list of values, and SQLite prepares anew what has another limit than before.
    if text.contains(" IN (") || text.contains("LIMIT ?") {
        prepared(text);
    }
    let (statements, _) = text.split_once(" -- binds").unwrap_or((text, ""));
    SENT.lock().expect("no test fails under this lock").push(statements.to_owned());
    for statement in statements.split("; ") {
        if !FRAME.iter().any(|word| statement.starts_with(word)) {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
        }
    }
    ROUND_TRIPS.fetch_add(1, Ordering::Relaxed);
}

fn prepared(statement: &str) {
    PREPARED.lock().expect("no test fails under this lock").push(statement.to_owned());
}

/// Returns the statements that had to be prepared since the last call.
pub(crate) fn take_prepared() -> Vec<String> {
    std::mem::take(&mut PREPARED.lock().expect("no test fails under this lock"))
}

/// Returns what was sent since the last call.
pub(crate) fn take_sent() -> Vec<String> {
    std::mem::take(&mut SENT.lock().expect("no test fails under this lock"))
}

/// The calls that took another number of statements than expected.
pub(crate) struct Counter {
    /// Whether the database is a server: rows are held there by a statement, and the trail of a rule is one statement,
    /// which is a round trip. SQLite has one writer at a time, nothing to hold and nothing to travel.
    pub(crate) on_server: bool,
    /// Whether it is PostgreSQL, where one statement can write rows of two tables.
    pub(crate) is_postgres: bool,
    pub(crate) wrong: Vec<String>,
}

impl Counter {
    /// Makes a call, compares the number of its statements, and returns its answer.
    pub(crate) async fn expect<T>(
        &mut self,
        statements: u32,
        what: &str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> T {
        STATEMENTS.store(0, Ordering::Relaxed);
        ROUND_TRIPS.store(0, Ordering::Relaxed);
        let answer = call.await.unwrap_or_else(|error| panic!("{what}: {error}"));
        let counted = STATEMENTS.load(Ordering::Relaxed);
        if counted != statements {
            self.wrong.push(format!("{what}: {counted} instead of {statements}"));
        }
        answer
    }
    /// As [`Counter::expect`], of a call that holds a row besides.
    pub(crate) async fn expect_holding<T>(
        &mut self,
        statements: u32,
        what: &str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> T {
        self.expect(statements + u32::from(self.on_server), what, call).await
    }

    /// Compares the round trips of the last call; SQLite has none.
    pub(crate) fn round_trips(&mut self, expected: u32, what: &str) {
        let counted = ROUND_TRIPS.load(Ordering::Relaxed);
        if self.on_server && counted != expected {
            self.wrong.push(format!("{what}: {counted} round trips instead of {expected}"));
        }
    }
}
