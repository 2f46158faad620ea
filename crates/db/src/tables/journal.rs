//! Rows of the journal.

use diesel::{
    QueryResult,
    prelude::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    journal::{JournalEntry, JournalFilter, JournalId},
    rules::rows::{JournalRows, RowResult},
    wechat::{AppName, OpenId},
};

use super::{
    super::dialect::{Backend, RunQueryDsl},
    rows::SqlRows,
};
use crate::{columns::JournalColumns, schema::journal};

impl JournalRows for SqlRows<'_> {
    async fn insert_journal(&mut self, entries: &[JournalEntry]) -> RowResult<()> {
        self.deferred.journal.extend_from_slice(entries);
        Ok(())
    }

    async fn journal(
        &mut self,
        filter: &JournalFilter,
        after: Option<JournalId>,
        at_most: u32,
    ) -> RowResult<Vec<JournalEntry>> {
        let mut query = journal::table.select(JournalColumns::as_select()).into_boxed::<Backend>();
        if let Some(app) = &filter.app {
            query = query.filter(journal::app.eq(app.to_string()));
        }
        if let Some(openid) = &filter.openid {
            query = query.filter(journal::openid.eq(openid.to_string()));
        }
        if let Some(outcome) = &filter.outcome {
            query = query.filter(journal::outcome.eq(outcome.clone()));
        }
        if let Some(login) = filter.login {
            query = query.filter(journal::login_id.eq(login.to_string()));
        }
        if let Some(after) = after {
            query = query.filter(journal::id.lt(after.to_string()));
        }
        let query = query.order(journal::id.desc()).limit(at_most.into());
        let found: QueryResult<Vec<JournalColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(JournalColumns::into_entry).collect()
    }

    async fn journal_entry(&mut self, id: JournalId) -> RowResult<Option<JournalEntry>> {
        let query = journal::table.find(id.to_string()).select(JournalColumns::as_select());
        let found: QueryResult<JournalColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(JournalColumns::into_entry).transpose()
    }

    async fn remove_journal_of(&mut self, app: &AppName, openid: &OpenId) -> RowResult<()> {
        let theirs = journal::openid.eq(openid.to_string()).and(journal::app.eq(app.to_string()));
        let removed = diesel::delete(journal::table.filter(theirs)).execute(self.writing().await?).await;
        self.answer(removed).map(drop)
    }
}
