//! Rows of what WeChat apps know of persons.

use diesel::{
    QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::{AccountId, IdentityId},
    rules::rows::{AppProfileRow, AppProfileRows, RowResult},
    time::Timestamp,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{
    columns::AppProfileColumns,
    schema::{app_profiles, identities},
};

impl AppProfileRows for SqlRows<'_> {
    async fn app_profile(&mut self, identity: IdentityId) -> RowResult<Option<AppProfileRow>> {
        let query = app_profiles::table.find(identity.to_string()).select(AppProfileColumns::as_select());
        let found: QueryResult<AppProfileColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(AppProfileColumns::into_row).transpose()
    }

    async fn app_profiles_of_account(&mut self, account: AccountId) -> RowResult<Vec<AppProfileRow>> {
        let query = app_profiles::table
            .inner_join(identities::table)
            .filter(identities::account_id.eq(account.to_string()))
            .order(app_profiles::identity_id)
            .select(AppProfileColumns::as_select());
        let found: QueryResult<Vec<AppProfileColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(AppProfileColumns::into_row).collect()
    }

    async fn insert_app_profile(&mut self, row: &AppProfileRow) -> RowResult<()> {
        let insert = diesel::insert_into(app_profiles::table).values(AppProfileColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn update_app_profile(
        &mut self,
        row: &AppProfileRow,
        read_refreshed_at: Timestamp,
    ) -> RowResult<()> {
        let as_read = app_profiles::table
            .find(row.identity.to_string())
            .filter(app_profiles::refreshed_at.eq(read_refreshed_at.as_millis()));
        let update = diesel::update(as_read).set(AppProfileColumns::of(row));
        let updated = update.execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn delete_app_profile(&mut self, identity: IdentityId) -> RowResult<()> {
        let row = app_profiles::table.find(identity.to_string());
        let deleted = diesel::delete(row).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }
}
