//! Entries about scans.

use std::{borrow::Cow, sync::Arc};

use saoma_domain::{journal::JournalFilter, login::LoginId, ports::Scan};

use super::JournalStage;
use crate::{
    all_at_once,
    values::{at, binding, journal_entry, login, scan},
};

const WORKS: &str = "the store works";

/// A scan that came so many seconds after the beginning of time.
fn told(login: LoginId, person: &str, secs: u64) -> Scan {
    let entry = Some(Arc::new(journal_entry(person, secs)));
    Scan { at: at(secs), entry, ..scan(login, person) }
}

/// Returns the outcomes of all scans, the first one first.
async fn outcomes(stage: &JournalStage) -> Vec<Cow<'static, str>> {
    let entries = stage.journal.list_entries(JournalFilter::default(), None, 100).await.expect(WORKS);
    entries.into_iter().rev().map(|entry| entry.outcome).collect()
}

pub(crate) async fn a_scan_and_its_entry_are_committed_together(stage: JournalStage) {
    stage.take(told(login(1), "oAnna", 1)).await;
    stage.take(told(login(1), "oAnna", 2)).await;
    stage.take(told(login(1), "oBert", 3)).await;
    stage.logins.bind(binding(login(1), 1)).await.expect(WORKS);
    stage.take(told(login(2), "oAnna", 4)).await;
    let late = login(3).deadline();
    stage.take(Scan { at: late, ..told(login(3), "oAnna", 5) }).await;
    let expected = ["phone_needed", "phone_needed", "scanned_by_another", "logged_in", "expired"];
    assert_eq!(outcomes(&stage).await, expected);
}

pub(crate) async fn each_of_several_scans_at_once_has_one_entry(stage: JournalStage) {
    let scans = (1..=24_u64).map(|n| {
        let stage = stage.clone();
        let person = format!("oPerson{}", n % 6);
        async move { stage.take(told(login(1), &person, n)).await }
    });
    all_at_once(scans).await;
    let mut outcomes = outcomes(&stage).await;
    outcomes.sort();
    assert_eq!(outcomes.len(), 24);
    assert_eq!(
        outcomes.iter().filter(|it| *it == "phone_needed").count(),
        4,
        "the first one, and its three repetitions"
    );
}
