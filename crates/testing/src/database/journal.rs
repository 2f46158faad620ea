//! Rows of the journal.

use std::{borrow::Cow, sync::Arc};

use saoma_domain::{
    journal::{JournalEntry, JournalFilter, JournalId},
    rules::rows::{JournalRows, RowResult},
    wechat::{AppName, OpenId},
};

use super::{MemoryRows, pruning::remove, unless_raced};

impl JournalRows for MemoryRows<'_> {
    async fn insert_journal(
        &mut self,
        entry: Arc<JournalEntry>,
        outcome: Cow<'static, str>,
    ) -> RowResult<()> {
        let entry = JournalEntry { outcome, ..Arc::unwrap_or_clone(entry) };
        unless_raced(self.tables().journal.insert(entry.id, entry))
    }

    async fn journal(
        &mut self,
        filter: &JournalFilter,
        after: Option<JournalId>,
        at_most: u32,
    ) -> RowResult<Vec<JournalEntry>> {
        let JournalFilter { app, openid, outcome, login } = filter;
        let is_wanted = |entry: &&JournalEntry| {
            app.as_ref().is_none_or(|app| entry.app == *app)
                && openid.as_ref().is_none_or(|openid| entry.openid == *openid)
                && outcome.as_ref().is_none_or(|outcome| entry.outcome == *outcome)
                && login.is_none_or(|login| entry.login == Some(login))
                && after.is_none_or(|after| entry.id < after)
        };
        let mut found: Vec<_> = self.tables().journal.rows().filter(is_wanted).cloned().collect();
        found.reverse();
        found.truncate(usize::try_from(at_most).unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn journal_entry(&mut self, id: JournalId) -> RowResult<Option<JournalEntry>> {
        Ok(self.tables().journal.get(&id).cloned())
    }

    async fn update_journal(&mut self, id: JournalId, outcome: &str, took_ms: u32) -> RowResult<()> {
        self.tables().journal.update(
            &id,
            |_| true,
            |entry| {
                *entry = JournalEntry { outcome: outcome.to_owned().into(), took_ms, ..entry.clone() };
            },
        );
        Ok(())
    }

    async fn remove_journal_before(&mut self, before: JournalId, at_most: u32) -> RowResult<u32> {
        Ok(remove(&mut self.tables().journal, at_most, |entry| entry.id < before))
    }

    async fn remove_journal_of(&mut self, app: &AppName, openid: &OpenId) -> RowResult<()> {
        let tables = self.tables();
        let theirs = |entry: &JournalEntry| entry.app == *app && entry.openid == *openid;
        for id in tables.journal.keys_of(theirs).collect::<Vec<_>>() {
            tables.journal.remove(&id);
        }
        Ok(())
    }
}
