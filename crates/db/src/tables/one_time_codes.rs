//! Rows of one-time codes.

use diesel::{
    QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    ports::CodeHash,
    rules::rows::{OneTimeCodeRow, OneTimeCodeRows, RowResult},
    time::Timestamp,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{columns::OneTimeCodeColumns, schema::one_time_codes};

impl OneTimeCodeRows for SqlRows<'_> {
    async fn one_time_code(&mut self, code: CodeHash) -> RowResult<Option<OneTimeCodeRow>> {
        let query =
            one_time_codes::table.find(code.as_bytes().as_slice()).select(OneTimeCodeColumns::as_select());
        let found: QueryResult<OneTimeCodeColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(|columns| columns.into_row(code)).transpose()
    }

    async fn insert_one_time_code(&mut self, row: &OneTimeCodeRow) -> RowResult<()> {
        let insert = diesel::insert_into(one_time_codes::table).values(OneTimeCodeColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn keep_one_time_code(&mut self, code: CodeHash, prune_at: Timestamp) -> RowResult<()> {
        let update = diesel::update(one_time_codes::table.find(code.as_bytes().as_slice()));
        let change = one_time_codes::prune_at.eq(prune_at.as_millis());
        let updated = update.set(change).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }
}
