//! Rows of merges.

use diesel::{
    QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::AccountId,
    ports::MergeId,
    rules::rows::{MergeRow, MergeRows, RowResult},
    time::Timestamp,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{columns::MergeColumns, schema::merges};

impl MergeRows for SqlRows<'_> {
    async fn merge(&mut self, id: MergeId) -> RowResult<Option<MergeRow>> {
        let query = merges::table.find(id.to_string()).select(MergeColumns::as_select());
        let found: QueryResult<MergeColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(MergeColumns::into_row).transpose()
    }

    async fn insert_merge(&mut self, row: &MergeRow) -> RowResult<()> {
        let insert = diesel::insert_into(merges::table).values(MergeColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn end_merge(&mut self, id: MergeId, undone_at: Timestamp) -> RowResult<()> {
        let update = diesel::update(merges::table.find(id.to_string()));
        let updated =
            update.set(merges::undone_at.eq(undone_at.as_millis())).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn merges_into(&mut self, into: AccountId) -> RowResult<Vec<MergeRow>> {
        let query = merges::table.filter(merges::into_id.eq(into.to_string()));
        let query = query.order(merges::id).select(MergeColumns::as_select());
        let found: QueryResult<Vec<MergeColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(MergeColumns::into_row).collect()
    }

    async fn merges_from(&mut self, from: AccountId) -> RowResult<Vec<MergeRow>> {
        let query = merges::table.filter(merges::from_id.eq(from.to_string()));
        let query = query.order(merges::id).select(MergeColumns::as_select());
        let found: QueryResult<Vec<MergeColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(MergeColumns::into_row).collect()
    }

    async fn delete_merge(&mut self, id: MergeId) -> RowResult<()> {
        let deleted = diesel::delete(merges::table.find(id.to_string())).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }
}
