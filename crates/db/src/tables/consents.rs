//! Rows of consents.

use diesel::{
    BoolExpressionMethods, QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::AccountId,
    login::LoginId,
    rules::rows::{ConsentRow, ConsentRows, RowResult},
};

use super::{
    super::dialect::{ROWS_A_STATEMENT, RunQueryDsl},
    rows::SqlRows,
};
use crate::{columns::ConsentColumns, schema::consents};

impl ConsentRows for SqlRows<'_> {
    async fn consent_of_login(&mut self, login: LoginId) -> RowResult<Option<ConsentRow>> {
        let query = consents::table.find(login.to_string()).select(ConsentColumns::as_select());
        let found: QueryResult<ConsentColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(ConsentColumns::into_row).transpose()
    }

    async fn consents_of_account(&mut self, account: AccountId) -> RowResult<Vec<ConsentRow>> {
        let query = consents::table
            .filter(consents::account_id.eq(account.to_string()))
            .order((consents::given_at, consents::login_id))
            .select(ConsentColumns::as_select());
        let found: QueryResult<Vec<ConsentColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(ConsentColumns::into_row).collect()
    }

    async fn insert_consent(&mut self, row: &ConsentRow) -> RowResult<()> {
        let insert = diesel::insert_into(consents::table).values(ConsentColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn update_consent(&mut self, row: &ConsentRow) -> RowResult<()> {
        let update = diesel::update(consents::table.find(row.login.to_string()));
        let updated = update.set(ConsentColumns::of(row)).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn delete_consents(&mut self, account: AccountId, logins: &[LoginId]) -> RowResult<()> {
        let of_account = consents::account_id.eq(account.to_string());
        let deleted = diesel::delete(consents::table.filter(of_account)).execute(self.writing().await?).await;
        self.answer(deleted)?;
        for ids in logins.chunks(ROWS_A_STATEMENT) {
            let ids = consents::login_id.eq_any(ids.iter().map(LoginId::to_string));
            let unkept = consents::table.filter(ids.and(consents::account_id.is_null()));
            let deleted = diesel::delete(unkept).execute(self.writing().await?).await;
            self.answer(deleted)?;
        }
        Ok(())
    }
}
