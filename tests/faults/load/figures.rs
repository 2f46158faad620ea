//! What became of logins, in figures.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use super::client::{Answer, is_honest_503};

/// Counts what becomes of logins.
#[derive(Default)]
pub(crate) struct Figures {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    report: Report,
    in_flight: BTreeMap<String, ()>,
}

/// What became of logins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    pub(crate) logins: usize,
    pub(crate) lost: usize,
    pub(crate) double: usize,
    pub(crate) wrong: usize,
    /// What clients were told that it should not be.
    pub(crate) dishonest: Vec<String>,
    /// Requests that were sent again because their connection broke.
    pub(crate) retried: usize,
    /// Requests that were sent again because of a 503.
    pub(crate) refused: usize,
    /// Scans that WeChat could not deliver, so that the person scanned again.
    pub(crate) rescanned: usize,
    /// The longest time from the answer for the phone until its client knew.
    pub(crate) slowest: Duration,
}

impl Figures {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap()
    }

    pub(crate) fn retried(&self) {
        self.counts().report.retried += 1;
    }

    /// Counts a 503, and notes one that does not say why.
    pub(crate) fn refused(&self, answer: &Answer) {
        self.counts().report.refused += 1;
        if !is_honest_503(answer) {
            self.dishonest(format!("503 {}", answer.json));
        }
    }

    pub(crate) fn rescanned(&self) {
        self.counts().report.rescanned += 1;
    }

    pub(crate) fn began(&self, login: &str) {
        self.counts().in_flight.insert(login.to_owned(), ());
    }

    pub(crate) fn ended(&self, login: &str) {
        let mut counts = self.counts();
        counts.in_flight.remove(login);
        counts.report.logins += 1;
    }

    pub(crate) fn told_after(&self, late: Duration) {
        let mut counts = self.counts();
        counts.report.slowest = counts.report.slowest.max(late);
    }

    pub(crate) fn lost(&self) {
        self.counts().report.lost += 1;
    }

    pub(crate) fn double(&self) {
        self.counts().report.double += 1;
    }

    pub(crate) fn wrong(&self) {
        self.counts().report.wrong += 1;
    }

    pub(crate) fn dishonest(&self, what: String) {
        self.counts().report.dishonest.push(what);
    }

    pub(super) fn in_flight(&self) -> Vec<String> {
        self.counts().in_flight.keys().cloned().collect()
    }

    pub(crate) fn report(&self) -> Report {
        self.counts().report.clone()
    }
}

impl Report {
    /// Prints the figures, and fails unless all of what must not happen has not.
    pub(crate) fn print(&self, what: &str) {
        let Self { logins, lost, double, wrong, dishonest, retried, refused, rescanned, slowest } = self;
        say(&format!(
            "{what}: {logins} logins: {lost} lost, {double} double, {wrong} wrong, {} dishonest; {retried} \
             requests cut off and {refused} refused (503), all sent again; {rescanned} scanned again; slowest \
             {slowest:.1?}",
            dishonest.len()
        ));
        assert_eq!((*lost, *double, *wrong), (0, 0, 0), "{dishonest:?}");
        assert!(dishonest.is_empty(), "{dishonest:?}");
        assert!(*logins > 0);
    }
}

/// Prints figures, on a line of their own.
#[expect(clippy::print_stdout, reason = "figures are for whoever runs the tests")]
pub(crate) fn say(figures: &str) {
    println!("\nfaults: {figures}");
}
