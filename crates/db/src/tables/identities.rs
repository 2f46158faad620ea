//! Rows of identities.

use diesel::{
    BoolExpressionMethods, NullableExpressionMethods, QueryResult,
    prelude::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::{AccountId, Conflict, IdentityId},
    rules::rows::{IdentityChange, IdentityRow, IdentityRows, RowResult},
    time::Timestamp,
    wechat::{AppName, OpenId, UnionId},
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{
    columns::{AccountColumns, IdentityChanges, IdentityColumns},
    schema::{accounts, identities},
};

impl IdentityRows for SqlRows<'_> {
    async fn identity(&mut self, id: IdentityId) -> RowResult<Option<IdentityRow>> {
        let query = identities::table.find(id.to_string()).select(IdentityColumns::as_select());
        let found: QueryResult<IdentityColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(IdentityColumns::into_row).transpose()
    }

    async fn identity_of(&mut self, app: &AppName, openid: &OpenId) -> RowResult<Option<IdentityRow>> {
        let query = identities::table
            .filter(identities::app.eq(app.as_str()).and(identities::openid.eq(openid.as_str())))
            .select(IdentityColumns::as_select());
        let found: QueryResult<IdentityColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(IdentityColumns::into_row).transpose()
    }

    async fn identities_of_account(&mut self, account: AccountId) -> RowResult<Vec<IdentityRow>> {
        let query = identities::table
            .filter(identities::account_id.eq(account.to_string()))
            .order((identities::created_at, identities::id))
            .select(IdentityColumns::as_select());
        let found: QueryResult<Vec<IdentityColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(IdentityColumns::into_row).collect()
    }

    async fn linked_identities_of_union(&mut self, union: &UnionId) -> RowResult<Vec<IdentityRow>> {
        let is_theirs = identities::unionid
            .eq(union.unionid.as_str())
            .and(identities::open_account.eq(union.open_account.as_str()));
        let query = identities::table
            .filter(is_theirs.and(identities::account_id.is_not_null()))
            .order((identities::linked_at, identities::id))
            .select(IdentityColumns::as_select());
        let found: QueryResult<Vec<IdentityColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(IdentityColumns::into_row).collect()
    }

    async fn identities_shared_with_others(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> RowResult<Vec<Conflict>> {
        let theirs = diesel::alias!(identities as theirs);
        let same_person = theirs
            .field(identities::unionid)
            .eq(identities::unionid)
            .and(theirs.field(identities::open_account).eq(identities::open_account));
        let query = identities::table
            .inner_join(theirs.on(same_person))
            .inner_join(accounts::table.on(theirs.field(identities::account_id).eq(accounts::id.nullable())))
            .filter(identities::account_id.eq(account.to_string()).and(accounts::id.ne(account.to_string())))
            .distinct()
            .order((identities::created_at, identities::id, accounts::created_at, accounts::id))
            .select((IdentityColumns::as_select(), AccountColumns::as_select()));
        let query = at_most!(query, limit.into());
        let found: QueryResult<Vec<(IdentityColumns, AccountColumns)>> =
            query.load(self.reading().await?).await;
        let conflict = |(identity, other): (IdentityColumns, AccountColumns)| {
            Ok(Conflict { identity: identity.into_row()?.identity, other: other.into_row()?.account })
        };
        self.answer(found)?.into_iter().map(conflict).collect()
    }

    async fn insert_identity(&mut self, row: &IdentityRow) -> RowResult<()> {
        let insert = diesel::insert_into(identities::table).values(IdentityColumns::of(row));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn update_identity(&mut self, id: IdentityId, change: &IdentityChange) -> RowResult<()> {
        let update = diesel::update(identities::table.find(id.to_string()));
        let updated = update.set(IdentityChanges::of(change)).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn forget_profile(&mut self, id: IdentityId) -> RowResult<()> {
        let change = (identities::nickname.eq(None::<String>), identities::avatar_url.eq(None::<String>));
        let updated = diesel::update(identities::table.find(id.to_string()))
            .set(change)
            .execute(self.writing().await?)
            .await;
        self.answer(updated).map(drop)
    }

    async fn link_identity(
        &mut self,
        id: IdentityId,
        account: AccountId,
        linked_at: Timestamp,
        probation_until: Option<Timestamp>,
    ) -> RowResult<()> {
        let unlinked = identities::table.find(id.to_string()).filter(identities::account_id.is_null());
        let change = (
            identities::account_id.eq(account.to_string()),
            identities::linked_at.eq(linked_at.as_millis()),
            identities::prune_at.eq(None::<i64>),
            identities::probation_until.eq(probation_until.map(Timestamp::as_millis)),
        );
        let updated = diesel::update(unlinked).set(change).execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn add_notices(
        &mut self,
        account: AccountId,
        other_than: IdentityId,
        notice_until: Timestamp,
    ) -> RowResult<()> {
        let others = identities::table
            .filter(identities::account_id.eq(account.to_string()))
            .filter(identities::id.ne(other_than.to_string()));
        let change = identities::notice_until.eq(notice_until.as_millis());
        let updated = diesel::update(others).set(change).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn unlink_identity(
        &mut self,
        id: IdentityId,
        account: AccountId,
        prune_at: Timestamp,
    ) -> RowResult<()> {
        let linked =
            identities::table.find(id.to_string()).filter(identities::account_id.eq(account.to_string()));
        let change = (
            identities::account_id.eq(None::<String>),
            identities::linked_at.eq(None::<i64>),
            identities::prune_at.eq(prune_at.as_millis()),
            identities::probation_until.eq(None::<i64>),
            identities::notice_until.eq(None::<i64>),
        );
        let updated = diesel::update(linked).set(change).execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn keep_identity(
        &mut self,
        id: IdentityId,
        read_prune_at: Timestamp,
        prune_at: Timestamp,
    ) -> RowResult<()> {
        let unmoved =
            identities::table.find(id.to_string()).filter(identities::prune_at.eq(read_prune_at.as_millis()));
        let change = identities::prune_at.eq(prune_at.as_millis());
        let updated = diesel::update(unmoved).set(change).execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn update_unsubscribed_at(
        &mut self,
        id: IdentityId,
        unsubscribed_at: Option<Timestamp>,
    ) -> RowResult<()> {
        let row = identities::table.find(id.to_string());
        let change = identities::unsubscribed_at.eq(unsubscribed_at.map(Timestamp::as_millis));
        let updated = if unsubscribed_at.is_some() {
            let unmarked = row.filter(identities::unsubscribed_at.is_null());
            diesel::update(unmarked).set(change).execute(self.writing().await?).await
        } else {
            let marked = row.filter(identities::unsubscribed_at.is_not_null());
            diesel::update(marked).set(change).execute(self.writing().await?).await
        };
        self.changed_one(updated)
    }
}
