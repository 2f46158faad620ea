//! Operations by which a site and its operators find, change, erase and merge accounts.

use diesel::{
    BoolExpressionMethods, QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::{AccountId, ExternalId, IdentityId},
    actor::Actor,
    login::LoginId,
    ports::AuditEntry,
    rules::rows::{AccountChange, AccountRow, IdentityRow, LoginRow, PeopleRows, RowResult, SessionRow},
    wechat::{AppName, OpenId, RawUnionId},
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{
    columns::{
        AccountChanges, AccountColumns, AuditColumns, IdentityColumns, LoginColumns, NewAuditColumns,
        SessionColumns, corrupt,
    },
    schema::{accounts, audit, identities, logins, messages, sessions},
};

impl PeopleRows for SqlRows<'_> {
    async fn account_with_external_id(&mut self, id: &ExternalId) -> RowResult<Option<AccountRow>> {
        let query =
            accounts::table.filter(accounts::external_id.eq(id.as_str())).select(AccountColumns::as_select());
        let found: QueryResult<AccountColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(AccountColumns::into_row).transpose()
    }

    async fn accounts_after(&mut self, after: Option<AccountId>, limit: u32) -> RowResult<Vec<AccountRow>> {
        // Every id is behind the empty text.
        let after = after.map_or_else(String::new, |id| id.to_string());
        let query = accounts::table
            .filter(accounts::id.gt(after))
            .order(accounts::id)
            .select(AccountColumns::as_select());
        let query = at_most!(query, limit.into());
        let found: QueryResult<Vec<AccountColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(AccountColumns::into_row).collect()
    }

    async fn update_account(&mut self, id: AccountId, change: &AccountChange) -> RowResult<()> {
        let update = diesel::update(accounts::table.find(id.to_string()));
        let updated = update.set(AccountChanges::of(change)).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn delete_account(&mut self, id: AccountId) -> RowResult<()> {
        let deleted =
            diesel::delete(accounts::table.find(id.to_string())).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }

    async fn linked_identities_of_unionid(&mut self, union: &RawUnionId) -> RowResult<Vec<IdentityRow>> {
        let is_linked = identities::unionid.eq(union.as_str()).and(identities::account_id.is_not_null());
        let query = identities::table
            .filter(is_linked)
            .order((identities::linked_at, identities::id))
            .select(IdentityColumns::as_select());
        let found: QueryResult<Vec<IdentityColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(IdentityColumns::into_row).collect()
    }

    async fn delete_identity(&mut self, id: IdentityId) -> RowResult<()> {
        let deleted =
            diesel::delete(identities::table.find(id.to_string())).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }

    async fn hand_identity(&mut self, id: IdentityId, from: AccountId, to: AccountId) -> RowResult<()> {
        let linked =
            identities::table.find(id.to_string()).filter(identities::account_id.eq(from.to_string()));
        let change = identities::account_id.eq(to.to_string());
        let updated = diesel::update(linked).set(change).execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn sessions_of_account(&mut self, account: AccountId) -> RowResult<Vec<SessionRow>> {
        let query = sessions::table
            .filter(sessions::account_id.eq(account.to_string()))
            .order(sessions::id)
            .select(SessionColumns::as_select());
        let found: QueryResult<Vec<SessionColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(SessionColumns::into_row).collect()
    }

    async fn delete_sessions(&mut self, account: AccountId) -> RowResult<()> {
        let of_account = sessions::table.filter(sessions::account_id.eq(account.to_string()));
        let deleted = diesel::delete(of_account).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }

    async fn logins_of_identity(&mut self, identity: IdentityId) -> RowResult<Vec<LoginRow>> {
        let query = logins::table
            .filter(logins::identity_id.eq(identity.to_string()))
            .order(logins::id)
            .select(LoginColumns::as_select());
        let found: QueryResult<Vec<LoginColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(LoginColumns::into_row).collect()
    }

    async fn delete_login(&mut self, id: LoginId) -> RowResult<()> {
        let deleted = diesel::delete(logins::table.find(id.to_string())).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }

    async fn delete_messages_of(&mut self, app: &AppName, openid: &OpenId) -> RowResult<()> {
        let theirs = messages::openid.eq(openid.as_str()).and(messages::app.eq(app.as_str()));
        let deleted = diesel::delete(messages::table.filter(theirs)).execute(self.writing().await?).await;
        self.answer(deleted).map(drop)
    }

    async fn insert_audit_by(&mut self, entry: &AuditEntry, actor: &Actor) -> RowResult<()> {
        let insert = diesel::insert_into(audit::table).values(NewAuditColumns::of(entry, Some(actor)));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn trail_of_account(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> RowResult<Vec<(AuditEntry, Option<Actor>)>> {
        let query = audit::table
            .filter(audit::account_id.eq(account.to_string()))
            .order((audit::at, audit::id))
            .select((AuditColumns::as_select(), audit::actor));
        let query = at_most!(query, limit.into());
        let found: QueryResult<Vec<(AuditColumns, Option<String>)>> = query.load(self.reading().await?).await;
        let entry = |(entry, actor): (AuditColumns, Option<String>)| {
            let wrong = || corrupt("audit", "actor", &account.to_string());
            let actor = actor.map(|text| Actor::parse(&text).ok_or_else(wrong)).transpose()?;
            Ok((entry.into_entry()?, actor))
        };
        self.answer(found)?.into_iter().map(entry).collect()
    }
}
