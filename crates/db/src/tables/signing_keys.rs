//! Rows of keys that sign tokens.

use diesel::{
    QueryResult,
    prelude::{QueryDsl, SelectableHelper},
};
use saoma_domain::{
    rules::rows::{RowResult, SigningKeyRow, SigningKeyRows},
    signing::SigningAlgorithm,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{
    columns::{SigningKeyColumns, generation},
    schema::signing_keys,
};

impl SigningKeyRows for SqlRows<'_> {
    async fn signing_keys(&mut self) -> RowResult<Vec<SigningKeyRow>> {
        let query = signing_keys::table.order((signing_keys::algorithm, signing_keys::generation));
        let query = query.select(SigningKeyColumns::as_select());
        let found: QueryResult<Vec<SigningKeyColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(SigningKeyColumns::into_row).collect()
    }

    async fn insert_signing_key(&mut self, row: &SigningKeyRow) -> RowResult<()> {
        let insert = diesel::insert_into(signing_keys::table).values(SigningKeyColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn delete_signing_key(&mut self, algorithm: SigningAlgorithm, number: u32) -> RowResult<()> {
        let wanted = signing_keys::table.find((algorithm.name(), generation(number)));
        let deleted = diesel::delete(wanted).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }
}
