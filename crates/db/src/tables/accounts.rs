//! Rows of accounts, and whether the database answers.

use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, QueryResult,
    dsl::{exists, sql},
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
    sql_types::{BigInt, Nullable, Text},
};
use saoma_domain::{
    account::{AccountId, PhoneNumber},
    ports::{Health, Measure, StoreError, StoreFacts},
    rules::{
        Transactions,
        rows::{AccountRow, AccountRows, RowResult},
    },
    time::Timestamp,
};

use super::{
    super::{
        dialect::{FACTS, RunQueryDsl},
        store::Store,
    },
    rows::SqlRows,
};
use crate::{columns::AccountColumns, schema::accounts};

impl AccountRows for SqlRows<'_> {
    async fn account(&mut self, id: AccountId) -> RowResult<Option<AccountRow>> {
        let query = accounts::table.find(id.to_string()).select(AccountColumns::as_select());
        let found = query.get_result(self.reading().await?).await;
        self.found(found)
    }

    async fn account_for_update(&mut self, id: AccountId) -> RowResult<Option<AccountRow>> {
        let query = accounts::table.find(id.to_string()).select(AccountColumns::as_select());
        let found = for_update!(query).get_result(self.writing().await?).await;
        self.found(found)
    }

    async fn hold_account(&mut self, id: AccountId) -> RowResult<()> {
        if !self.deferred.is_empty() {
            self.writing().await?;
        }
        let held = self.transaction.hold(self.connection, id).await;
        self.answer(held)
    }

    async fn account_with_phone(&mut self, phone: &PhoneNumber) -> RowResult<Option<AccountRow>> {
        let query =
            accounts::table.filter(accounts::phone.eq(phone.e164())).select(AccountColumns::as_select());
        let found = query.get_result(self.reading().await?).await;
        self.found(found)
    }

    async fn insert_account(&mut self, row: &AccountRow) -> RowResult<()> {
        let insert = diesel::insert_into(accounts::table).values(AccountColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn update_phone(&mut self, id: AccountId, phone: &PhoneNumber) -> RowResult<()> {
        let update = diesel::update(accounts::table.find(id.to_string()));
        let updated = update.set(accounts::phone.eq(phone.e164())).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn update_disabled(&mut self, id: AccountId, disabled: bool) -> RowResult<()> {
        let update = diesel::update(accounts::table.find(id.to_string()));
        let updated = update.set(accounts::disabled.eq(disabled)).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn update_last_seen_at(&mut self, id: AccountId, at: Timestamp) -> RowResult<()> {
        let update = diesel::update(accounts::table.find(id.to_string()));
        let updated =
            update.set(accounts::last_seen_at.eq(at.as_millis())).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn raise_sessions_ended_at(&mut self, id: AccountId, at: Timestamp) -> RowResult<()> {
        let at = at.as_millis();
        let is_earlier = accounts::sessions_ended_at.is_null().or(accounts::sessions_ended_at.lt(at));
        let update = diesel::update(accounts::table.find(id.to_string()).filter(is_earlier));
        let updated = update.set(accounts::sessions_ended_at.eq(at)).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }
}

impl SqlRows<'_> {
    fn found(&mut self, found: QueryResult<AccountColumns>) -> RowResult<Option<AccountRow>> {
        self.answer(found.optional())?.map(AccountColumns::into_row).transpose()
    }
}

#[async_trait]
impl Health for Store {
    /// Looks into a table that every version of the schema has, so that an empty database is not called healthy.
    async fn ping(&self) -> Result<(), StoreError> {
        let look = self.read((), |rows, ()| {
            Box::pin(async {
                let query = diesel::select(exists(accounts::table.select(accounts::id)));
                let has_some: QueryResult<bool> = query.get_result(rows.reading().await?).await;
                rows.answer(has_some).map(drop)
            })
        });
        look.await
    }

    async fn facts(&self) -> Result<Option<StoreFacts>, StoreError> {
        let look = self.read((), |rows, ()| {
            Box::pin(async {
                let query = diesel::select(sql::<(Text, Nullable<BigInt>)>(FACTS));
                let told: QueryResult<(String, Option<i64>)> = query.get_result(rows.reading().await?).await;
                rows.answer(told)
            })
        });
        let (version, now) = look.await?;
        Ok(Some(StoreFacts { version, now: now.map(Timestamp::from_millis) }))
    }

    fn measures(&self) -> Vec<Measure> {
        self.times.measures()
    }

    async fn turn(&self) -> Result<(), StoreError> {
        self.wait_for_turn().await
    }
}
