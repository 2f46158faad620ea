//! The suite of the journal.

mod entries;
mod scans;

use std::sync::Arc;

use saoma_domain::{
    journal::{JournalEntry, JournalFilter, JournalId},
    ports::{Journal, Logins, Scan},
};

use crate::values::at;

suite! { $
    /// Runs the cases of `Journal` on a store that also implements `Logins`.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    journal_suite: journal on JournalStage {
        entries:
            an_entry_is_found_as_it_was_written,
            entries_are_listed_from_the_newest_on,
            entries_are_found_by_what_they_are_about,
            a_person_is_forgotten_and_no_other_one,
            the_oldest_entries_go_first_and_no_younger_ones_go,
            what_an_entry_led_to_can_be_mended;
        scans:
            a_scan_and_its_entry_are_committed_together,
            each_of_several_scans_at_once_has_one_entry;
    }
}

/// One store.
#[derive(Clone)]
pub struct JournalStage {
    journal: Arc<dyn Journal>,
    logins: Arc<dyn Logins>,
}

impl JournalStage {
    /// Puts a fresh store up for one case.
    pub fn new<C: Journal + Logins + 'static>(store: C) -> Self {
        let store = Arc::new(store);
        Self { journal: store.clone(), logins: store }
    }

    async fn write(&self, entries: Vec<JournalEntry>) {
        self.journal
            .write_entries(entries.into_iter().map(Arc::new).collect())
            .await
            .expect("the store works");
    }

    async fn take(&self, scan: Scan) {
        self.logins.take_scan(scan).await.expect("the store works");
    }

    /// Returns the seconds at which the entries came that a filter finds.
    async fn found(&self, filter: JournalFilter, after: Option<JournalId>, limit: u32) -> Vec<i64> {
        let found = self.journal.list_entries(filter, after, limit).await.expect("the store works");
        found.into_iter().map(|entry| entry.received_at.as_secs() - at(0).as_secs()).collect()
    }
}
