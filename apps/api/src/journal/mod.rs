//! The journal of what WeChat tells: each call that was accepted, redacted, with what it led to.
//!
//! An entry is written before WeChat is answered, and several at once: while one batch is on its way to the database, the
//! calls that come meanwhile gather for the next one (decision 10). A scan takes its entry with it.

mod entry;
mod replay;
mod words;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    journal::{JournalEntry, JournalFilter, JournalId},
    ports::{Clock, Journal, Pruning, Random, StoreError, random_bytes},
    services::ServiceError,
    time::Timestamp,
};
use tokio::sync::oneshot;

pub(crate) use entry::{Called, Outcome};
pub use replay::Replayed;
pub(crate) use replay::Replays;
pub(crate) use words::Words;

/// What is kept of the journal, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JournalPolicy {
    /// How long an entry is kept; zero: nothing is written.
    pub(crate) keep: Duration,
    /// Whether the texts of messages are kept.
    pub(crate) keep_text: bool,
}

/// An entry that waits to be written, and who waits for that.
struct Waiting {
    entry: Arc<JournalEntry>,
    written: oneshot::Sender<Result<(), StoreError>>,
}

/// Writes and reads the journal.
pub(crate) struct JournalWriter {
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    policy: JournalPolicy,
    /// The name of this node in the entries.
    node: Arc<str>,
    /// The number from which this node counts the ids of a moment on, drawn once. Two nodes give the same id only where their
    /// numbers are next to each other; the database then refuses the second entry, and WeChat sends its call again.
    number: u32,
    /// The number of the last id that was given.
    last_id: AtomicI64,
    waiting: Mutex<Vec<Waiting>>,
    /// Held by the call that writes for all.
    writing: tokio::sync::Mutex<()>,
}

impl JournalWriter {
    pub(crate) fn new(
        journal: Arc<dyn Journal>,
        clock: Arc<dyn Clock>,
        random: &dyn Random,
        policy: JournalPolicy,
    ) -> Self {
        let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "node".to_owned());
        let node = format!("{}:{}", host.chars().take(100).collect::<String>(), std::process::id()).into();
        let (waiting, writing) = (Mutex::default(), tokio::sync::Mutex::default());
        let (number, last_id) = (u32::from_le_bytes(random_bytes(random)), AtomicI64::default());
        Self { journal, clock, policy, node, number, last_id, waiting, writing }
    }

    /// Returns the name of this node.
    pub(crate) fn node(&self) -> &str {
        &self.node
    }

    /// Returns whether anything is written.
    fn is_kept(&self) -> bool {
        !self.policy.keep.is_zero()
    }

    /// Returns the id of an entry about what came at a moment; no other one of this node has it.
    fn next_id(&self, at: Timestamp) -> JournalId {
        let first = JournalId::new(at, self.number);
        let behind = |last| first.behind(JournalId::from_store(last));
        let taken = |last| Some(behind(last).as_number());
        let (Ok(last) | Err(last)) = self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken);
        behind(last)
    }

    /// Writes an entry, together with those of other calls. The caller MUST see that this is not cut off: it may write for
    /// others.
    ///
    /// # Errors
    /// [`ServiceError::Store`] where it is not known to be written.
    pub(crate) async fn write(&self, entry: JournalEntry) -> Result<(), ServiceError> {
        let (written, mut is_written) = oneshot::channel();
        self.lock().push(Waiting { entry: Arc::new(entry), written });
        let _turn = self.writing.lock().await;
        if let Ok(outcome) = is_written.try_recv() {
            // An earlier call has written it.
            return Ok(outcome?);
        }
        let (entries, callers): (Vec<_>, Vec<_>) =
            std::mem::take(&mut *self.lock()).into_iter().map(|it| (it.entry, it.written)).unzip();
        let outcome = self.journal.write_entries(entries).await;
        for caller in callers {
            // One that has gone is told nothing.
            let _ = caller.send(outcome.clone());
        }
        Ok(outcome?)
    }

    /// Writes anew what an entry led to, which came at `received_at`.
    ///
    /// # Errors
    /// [`ServiceError::Store`] where it is not known to be written.
    pub(crate) async fn mend(
        &self,
        id: JournalId,
        outcome: Outcome,
        received_at: Timestamp,
    ) -> Result<(), ServiceError> {
        let took = self.clock.now().saturating_duration_since(received_at).as_millis();
        let took_ms = u32::try_from(took).unwrap_or(u32::MAX);
        Ok(self.journal.mend_entry(id, outcome.0.to_owned(), took_ms).await?)
    }

    /// Lists entries, the newest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(crate) async fn entries(
        &self,
        filter: JournalFilter,
        after: Option<JournalId>,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, ServiceError> {
        Ok(self.journal.list_entries(filter, after, limit).await?)
    }

    /// Returns an entry.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(crate) async fn entry(&self, id: JournalId) -> Result<Option<JournalEntry>, ServiceError> {
        Ok(self.journal.find_entry(id).await?)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        // What is guarded is whole after a panic, too.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is older than the configuration of this moment says goes, also where it said otherwise when it was written.
#[async_trait]
impl Pruning for JournalWriter {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        self.journal.prune_entries(now.minus(self.policy.keep), batch).await.map(u64::from)
    }
}
