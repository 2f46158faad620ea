//! Rows of logins.

use diesel::{
    QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    login::LoginId,
    ports::PendingLink,
    rules::rows::{LoginRow, LoginRows, RowResult},
    time::Timestamp,
};

use super::{
    super::dialect::RunQueryDsl,
    pending_links::{self, LoginAndPendingLink},
    rows::SqlRows,
};
use crate::{columns::LoginColumns, schema::logins};

impl LoginRows for SqlRows<'_> {
    async fn login(&mut self, id: LoginId) -> RowResult<Option<LoginRow>> {
        let query = logins::table.find(id.to_string()).select(LoginColumns::as_select());
        let found: QueryResult<LoginColumns> = query.get_result(self.connection).await;
        self.answer(found.optional())?.map(LoginColumns::into_row).transpose()
    }

    async fn login_and_pending_link(
        &mut self,
        id: LoginId,
    ) -> RowResult<(Option<LoginRow>, Option<PendingLink>)> {
        let found = LoginAndPendingLink::of(id).get_result(self.connection).await;
        pending_links::into_rows(self.answer(found)?)
    }

    async fn logins(&mut self, ids: &[LoginId]) -> RowResult<Vec<LoginRow>> {
        let query = logins::table
            .filter(logins::id.eq_any(ids.iter().map(LoginId::to_string)))
            .select(LoginColumns::as_select());
        let found: QueryResult<Vec<LoginColumns>> = query.load(self.connection).await;
        self.answer(found)?.into_iter().map(LoginColumns::into_row).collect()
    }

    async fn insert_login(&mut self, row: &LoginRow) -> RowResult<()> {
        let insert = diesel::insert_into(logins::table).values(LoginColumns::of(row));
        let inserted = insert.execute(self.connection).await;
        self.answer(inserted).map(drop)
    }

    async fn update_login(&mut self, row: &LoginRow, read_version: u32) -> RowResult<()> {
        let unmoved =
            logins::table.find(row.login.id.to_string()).filter(logins::version.eq(i64::from(read_version)));
        let updated = diesel::update(unmoved).set(LoginColumns::of(row)).execute(self.connection).await;
        self.changed_one(updated)
    }

    async fn insert_pending_link(&mut self, link: &PendingLink, prune_at: Timestamp) -> RowResult<()> {
        let inserted = pending_links::insert(link, prune_at).execute(self.connection).await;
        self.answer(inserted).map(drop)
    }
}
