//! The journal of what WeChat told.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    journal::{JournalEntry, JournalFilter, JournalId},
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
    async fn write_entries(&self, entries: Vec<JournalEntry>) -> Result<(), StoreError>;

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

    /// Removes all entries about a person.
    ///
    /// # Errors
    /// [`StoreError`] when they are not known to be removed.
    async fn forget_person(&self, app: &AppName, openid: &OpenId) -> Result<(), StoreError>;
}
