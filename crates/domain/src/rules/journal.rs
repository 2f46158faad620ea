//! The journal: what WeChat told is written as it was taken, several calls at once.

use async_trait::async_trait;

use super::{rows::JournalRows, transactions::Transactions};
use crate::{
    journal::{JournalEntry, JournalFilter, JournalId},
    ports::{Journal, StoreError},
    wechat::{AppName, OpenId},
};

#[async_trait]
impl<X: Transactions> Journal for X {
    async fn write_entries(&self, entries: Vec<JournalEntry>) -> Result<(), StoreError> {
        self.run(entries, |rows, entries| Box::pin(rows.insert_journal(entries))).await
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

    async fn forget_person(&self, app: &AppName, openid: &OpenId) -> Result<(), StoreError> {
        let person = (app.clone(), openid.clone());
        self.run(person, |rows, (app, openid)| Box::pin(rows.remove_journal_of(app, openid))).await
    }
}
