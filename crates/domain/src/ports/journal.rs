//! The journal of what WeChat told.

use std::sync::Arc;

use async_trait::async_trait;

use super::StoreError;
use crate::{
    journal::{JournalEntry, JournalFilter, JournalId},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// Keeps what WeChat told.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Journal: Send + Sync {
    /// Writes entries, all of them in one transaction. MUST be durable when it answers.
    ///
    /// # Errors
    /// [`StoreError`] when they are not known to be written.
    async fn write_entries(&self, entries: Vec<Arc<JournalEntry>>) -> Result<(), StoreError>;

    /// Writes anew what an entry led to and how long that took; without such an entry nothing happens.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    async fn mend_entry(&self, id: JournalId, outcome: String, took_ms: u32) -> Result<(), StoreError>;

    /// Lists at most `limit` entries, the newest first, those older than `after`.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn list_entries(
        &self,
        filter: JournalFilter,
        after: Option<JournalId>,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StoreError>;

    /// Returns an entry.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn find_entry(&self, id: JournalId) -> Result<Option<JournalEntry>, StoreError>;

    /// Removes at most `batch` entries that came before a moment, the oldest first, and returns how many. Any number of nodes
    /// may do it at once.
    ///
    /// # Errors
    /// [`StoreError`] when the store could not; what was removed until then stays removed.
    async fn prune_entries(&self, before: Timestamp, batch: u32) -> Result<u32, StoreError>;

    /// Removes all entries about a person.
    ///
    /// # Errors
    /// [`StoreError`] when they are not known to be removed.
    async fn forget_person(&self, app: &AppName, openid: &OpenId) -> Result<(), StoreError>;
}
