//! Rows of what OpenID clients were granted.

use diesel::{
    BoolExpressionMethods, QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::AccountId,
    oidc::{ClientId, GrantId, Scopes},
    rules::rows::{GrantRow, GrantRows, RowResult},
    time::Timestamp,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{
    columns::GrantColumns,
    schema::{client_consents, grants},
};

impl GrantRows for SqlRows<'_> {
    async fn grant(&mut self, id: GrantId) -> RowResult<Option<GrantRow>> {
        let query = grants::table.find(id.to_string()).select(GrantColumns::as_select());
        let found: QueryResult<GrantColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(GrantColumns::into_row).transpose()
    }

    async fn insert_grant(&mut self, row: &GrantRow) -> RowResult<()> {
        let insert = diesel::insert_into(grants::table).values(GrantColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn update_grant(&mut self, row: &GrantRow) -> RowResult<()> {
        let version = i64::from(row.version);
        let as_read = grants::table.find(row.grant.id.to_string()).filter(grants::version.eq(version));
        let refresh = row.refresh.as_ref();
        let change = (
            grants::redeemed_at.eq(row.redeemed_at.map(Timestamp::as_millis)),
            grants::generation.eq(refresh.map(|refresh| i64::from(refresh.generation))),
            grants::refresh_hash.eq(refresh.map(|refresh| refresh.current.as_bytes().to_vec())),
            grants::previous_hash
                .eq(refresh.and_then(|refresh| refresh.previous.map(|hash| hash.as_bytes().to_vec()))),
            grants::refreshed_at.eq(refresh.map(|refresh| refresh.since.as_millis())),
            grants::ended_at.eq(row.ended_at.map(Timestamp::as_millis)),
            grants::version.eq(version + 1),
            grants::prune_at.eq(row.prune_at.as_millis()),
        );
        let updated = diesel::update(as_read).set(change).execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn consent(&mut self, account: AccountId, client: &ClientId) -> RowResult<Option<Scopes>> {
        let query = client_consents::table
            .find((account.to_string(), client.as_str()))
            .select(client_consents::scopes);
        let found: QueryResult<String> = query.get_result(self.reading().await?).await;
        Ok(self.answer(found.optional())?.map(|scopes| Scopes::parse(&scopes)))
    }

    async fn save_consent(
        &mut self,
        account: AccountId,
        client: &ClientId,
        scopes: Scopes,
        at: Timestamp,
    ) -> RowResult<()> {
        // A row that is written again may count as unchanged, so it is removed first.
        let of_both = client_consents::account_id
            .eq(account.to_string())
            .and(client_consents::client_id.eq(client.as_str()));
        let removed =
            diesel::delete(client_consents::table.filter(of_both)).execute(self.writing().await?).await;
        self.answer(removed)?;
        let row = (
            client_consents::account_id.eq(account.to_string()),
            client_consents::client_id.eq(client.as_str()),
            client_consents::scopes.eq(scopes.to_string()),
            client_consents::agreed_at.eq(at.as_millis()),
        );
        let inserted =
            diesel::insert_into(client_consents::table).values(row).execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn delete_grants(&mut self, account: AccountId) -> RowResult<()> {
        let account = account.to_string();
        let theirs = grants::table.filter(grants::account_id.eq(&account));
        let deleted = diesel::delete(theirs).execute(self.writing().await?).await;
        self.answer(deleted)?;
        let theirs = client_consents::table.filter(client_consents::account_id.eq(&account));
        let deleted = diesel::delete(theirs).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }
}
