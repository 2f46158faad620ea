//! Rows of the journal.

use std::{borrow::Cow, sync::Arc};

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
    pruning::remove_journal,
    rows::SqlRows,
};
use crate::{
    columns::{JournalColumns, NewJournalColumns},
    schema::journal,
};

impl JournalRows for SqlRows<'_> {
    async fn insert_journal(
        &mut self,
        entry: Arc<JournalEntry>,
        outcome: Cow<'static, str>,
    ) -> RowResult<()> {
        self.deferred.journal.push(NewJournalColumns::of(entry, outcome));
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
            query = query.filter(journal::id.lt(after.as_number()));
        }
        let query = query.order(journal::id.desc()).limit(at_most.into());
        let found: QueryResult<Vec<JournalColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(JournalColumns::into_entry).collect()
    }

    async fn journal_entry(&mut self, id: JournalId) -> RowResult<Option<JournalEntry>> {
        let query = journal::table.find(id.as_number()).select(JournalColumns::as_select());
        let found: QueryResult<JournalColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(JournalColumns::into_entry).transpose()
    }

    async fn update_journal(&mut self, id: JournalId, outcome: &str, took_ms: u32) -> RowResult<()> {
        let change = (journal::outcome.eq(outcome.to_owned()), journal::took_ms.eq(i64::from(took_ms)));
        let entry = journal::table.find(id.as_number());
        let updated = diesel::update(entry).set(change).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn remove_journal_before(&mut self, before: JournalId, at_most: u32) -> RowResult<u32> {
        let connection = self.writing().await?;
        let removed = remove_journal(connection, before.as_number(), at_most.into()).await;
        // No more rows go than were listed.
        Ok(u32::try_from(self.answer(removed)?).unwrap_or(at_most))
    }

    async fn remove_journal_of(&mut self, app: &AppName, openid: &OpenId) -> RowResult<()> {
        let theirs = journal::openid.eq(openid.to_string()).and(journal::app.eq(app.to_string()));
        let removed = diesel::delete(journal::table.filter(theirs)).execute(self.writing().await?).await;
        self.answer(removed).map(drop)
    }
}
