//! Rows of sessions.

use diesel::{
    BoolExpressionMethods, NullableExpressionMethods, QueryResult,
    prelude::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::{AccountId, IdentityId},
    login::LoginId,
    rules::rows::{AccountRow, RowResult, SessionOfIdentity, SessionRow, SessionRows},
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{
    columns::{AccountColumns, SessionColumns, corrupt},
    schema::{accounts, logins, sessions},
};

impl SessionRows for SqlRows<'_> {
    async fn session_of_login(&mut self, login: LoginId) -> RowResult<Option<SessionRow>> {
        let query = sessions::table
            .filter(sessions::login_id.eq(login.to_string()))
            .select(SessionColumns::as_select());
        let found: QueryResult<SessionColumns> = query.get_result(self.connection).await;
        self.answer(found.optional())?.map(SessionColumns::into_row).transpose()
    }

    async fn live_session(
        &mut self,
        token_hash: &SessionTokenHash,
    ) -> RowResult<Option<(SessionRow, AccountRow)>> {
        let has_token = sessions::token_hash.eq(token_hash.as_bytes().as_slice());
        let query = sessions::table
            .inner_join(accounts::table)
            .filter(has_token.and(sessions::ended_at.is_null()))
            .select((SessionColumns::as_select(), AccountColumns::as_select()));
        let found: QueryResult<(SessionColumns, AccountColumns)> = query.get_result(self.connection).await;
        let rows = |(session, account): (SessionColumns, AccountColumns)| {
            Ok((session.into_row()?, account.into_row()?))
        };
        self.answer(found.optional())?.map(rows).transpose()
    }

    async fn live_session_of_account(
        &mut self,
        account: AccountId,
        id: SessionId,
    ) -> RowResult<Option<SessionRow>> {
        let query = sessions::table
            .find(id.to_string())
            .filter(sessions::account_id.eq(account.to_string()).and(sessions::ended_at.is_null()))
            .select(SessionColumns::as_select());
        let found: QueryResult<SessionColumns> = query.get_result(self.connection).await;
        self.answer(found.optional())?.map(SessionColumns::into_row).transpose()
    }

    async fn live_sessions(&mut self, account: AccountId) -> RowResult<Vec<SessionRow>> {
        let query = sessions::table
            .filter(sessions::account_id.eq(account.to_string()).and(sessions::ended_at.is_null()))
            .order(sessions::id)
            .select(SessionColumns::as_select());
        let found: QueryResult<Vec<SessionColumns>> = query.load(self.connection).await;
        self.answer(found)?.into_iter().map(SessionColumns::into_row).collect()
    }

    async fn live_sessions_with_identities(
        &mut self,
        account: AccountId,
    ) -> RowResult<Vec<SessionOfIdentity>> {
        let query = sessions::table
            .left_join(logins::table.on(logins::id.eq(sessions::login_id)))
            .filter(sessions::account_id.eq(account.to_string()).and(sessions::ended_at.is_null()))
            .order(sessions::id)
            .select((SessionColumns::as_select(), logins::identity_id.nullable()));
        let found: QueryResult<Vec<(SessionColumns, Option<String>)>> = query.load(self.connection).await;
        let with_identity = |(session, identity): (SessionColumns, Option<String>)| {
            let row = session.into_row()?;
            let wrong = || corrupt("logins", "identity_id", &row.session.login.to_string());
            let identity = identity.map(|id| IdentityId::parse(&id).ok_or_else(wrong)).transpose()?;
            Ok(SessionOfIdentity { row, identity })
        };
        self.answer(found)?.into_iter().map(with_identity).collect()
    }

    async fn insert_session(&mut self, row: &SessionRow) -> RowResult<()> {
        let insert = diesel::insert_into(sessions::table).values(SessionColumns::of(row));
        let inserted = insert.execute(self.connection).await;
        self.answer(inserted).map(drop)
    }

    async fn touch_session(
        &mut self,
        id: SessionId,
        last_seen_at: Timestamp,
        prune_at: Timestamp,
    ) -> RowResult<()> {
        let is_earlier = sessions::last_seen_at.lt(last_seen_at.as_millis());
        let live = sessions::table.find(id.to_string()).filter(sessions::ended_at.is_null().and(is_earlier));
        let change = (
            sessions::last_seen_at.eq(last_seen_at.as_millis()),
            sessions::prune_at.eq(prune_at.as_millis()),
        );
        let updated = diesel::update(live).set(change).execute(self.connection).await;
        self.answer(updated).map(drop)
    }

    async fn end_session(
        &mut self,
        id: SessionId,
        ended_at: Timestamp,
        prune_at: Timestamp,
    ) -> RowResult<()> {
        let live = sessions::table.find(id.to_string()).filter(sessions::ended_at.is_null());
        let change =
            (sessions::ended_at.eq(ended_at.as_millis()), sessions::prune_at.eq(prune_at.as_millis()));
        let updated = diesel::update(live).set(change).execute(self.connection).await;
        self.changed_one(updated)
    }
}
