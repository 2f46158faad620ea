//! Counting the statements of all connections of this process.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use saoma_domain::ports::StoreError;

static STATEMENTS: AtomicU32 = AtomicU32::new(0);

/// The statements that had to be prepared.
static PREPARED: Mutex<Vec<String>> = Mutex::new(Vec::new());

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
    let InstrumentationEvent::StartQuery { query, .. } = event else { return };
    let text = query.to_string();
    // Diesel does not keep a list of values, and SQLite prepares anew what has another limit than before.
    if text.contains(" IN (") || text.contains("LIMIT ?") {
        prepared(&text);
    }
    if !FRAME.iter().any(|word| text.starts_with(word)) {
        STATEMENTS.fetch_add(1, Ordering::Relaxed);
    }
}

fn prepared(statement: &str) {
    PREPARED.lock().expect("no test fails under this lock").push(statement.to_owned());
}

/// Returns the statements that had to be prepared since the last call.
pub(crate) fn take_prepared() -> Vec<String> {
    std::mem::take(&mut PREPARED.lock().expect("no test fails under this lock"))
}

/// The calls that took another number of statements than expected.
#[derive(Default)]
pub(crate) struct Counter {
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
        let answer = call.await.unwrap_or_else(|error| panic!("{what}: {error}"));
        let counted = STATEMENTS.load(Ordering::Relaxed);
        if counted != statements {
            self.wrong.push(format!("{what}: {counted} instead of {statements}"));
        }
        answer
    }
}
