//! The journal: what WeChat told is written as it was taken, several calls at once.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    prune::in_steps,
    rows::{JournalRows, RowResult},
    transactions::Transactions,
};
use crate::{
    journal::{JournalEntry, JournalFilter, JournalId},
    ports::{Journal, StoreError},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

async fn write_all(rows: &mut impl JournalRows, entries: &[Arc<JournalEntry>]) -> RowResult<()> {
    for entry in entries {
        rows.insert_journal(Arc::clone(entry), entry.outcome.clone()).await?;
    }
    Ok(())
}

#[async_trait]
impl<X: Transactions> Journal for X {
    async fn write_entries(&self, entries: Vec<Arc<JournalEntry>>) -> Result<(), StoreError> {
        self.run(entries, |rows, entries| Box::pin(write_all(rows, entries))).await
    }

    async fn mend_entry(&self, id: JournalId, outcome: String, took_ms: u32) -> Result<(), StoreError> {
        let mended = (id, outcome, took_ms);
        self.run(mended, |rows, (id, outcome, took_ms)| Box::pin(rows.update_journal(*id, outcome, *took_ms)))
            .await
    }

    async fn list_entries(
        &self,
        filter: JournalFilter,
        after: Option<JournalId>,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let wanted = (filter, after, limit);
        self.read(wanted, |rows, (filter, after, limit)| Box::pin(rows.journal(filter, *after, *limit))).await
    }

    async fn find_entry(&self, id: JournalId) -> Result<Option<JournalEntry>, StoreError> {
        self.read(id, |rows, id| Box::pin(rows.journal_entry(*id))).await
    }

    async fn prune_entries(&self, before: Timestamp, batch: u32) -> Result<u32, StoreError> {
        let step = |at_most| {
            let oldest = (JournalId::first_of(before), at_most);
            self.run(oldest, |rows, (before, at_most)| {
                Box::pin(rows.remove_journal_before(*before, *at_most))
            })
        };
        in_steps(batch, step).await
    }

    async fn forget_person(&self, app: &AppName, openid: &OpenId) -> Result<(), StoreError> {
        let person = (app.clone(), openid.clone());
        self.run(person, |rows, (app, openid)| Box::pin(rows.remove_journal_of(app, openid))).await
    }
}
