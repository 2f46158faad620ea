//! Rows of the journal.

use std::{borrow::Cow, sync::Arc};

use crate::{
    journal::{JournalEntry, JournalFilter, JournalId},
    wechat::{AppName, OpenId},
};

use super::RowResult;

/// Operations on rows of the journal.
pub trait JournalRows: Send {
    /// Writes an entry, with this outcome in place of its own.
    fn insert_journal(
        &mut self,
        entry: Arc<JournalEntry>,
        outcome: Cow<'static, str>,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Reads at most `at_most` entries with ids below `after`, the highest first.
    fn journal(
        &mut self,
        filter: &JournalFilter,
        after: Option<JournalId>,
        at_most: u32,
    ) -> impl Future<Output = RowResult<Vec<JournalEntry>>> + Send;

    /// Reads an entry.
    fn journal_entry(
        &mut self,
        id: JournalId,
    ) -> impl Future<Output = RowResult<Option<JournalEntry>>> + Send;

    /// Writes anew what an entry led to and how long that took.
    fn update_journal(
        &mut self,
        id: JournalId,
        outcome: &str,
        took_ms: u32,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes at most `at_most` entries with ids below `before`, the lowest first, and returns how many; passes over rows that
    /// another transaction holds.
    fn remove_journal_before(
        &mut self,
        before: JournalId,
        at_most: u32,
    ) -> impl Future<Output = RowResult<u32>> + Send;

    /// Removes the entries about a person.
    fn remove_journal_of(
        &mut self,
        app: &AppName,
        openid: &OpenId,
    ) -> impl Future<Output = RowResult<()>> + Send;
}
