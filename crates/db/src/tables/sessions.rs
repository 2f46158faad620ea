//! Rows of sessions.

use diesel::{
    BoolExpressionMethods, NullableExpressionMethods, QueryResult,
    prelude::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::{AccountId, IdentityId},
    login::LoginId,
    oidc::ClientId,
    ports::EndedSession,
    rules::rows::{AccountWithIdentities, IssueBasis, RowResult, SessionOfIdentity, SessionRow, SessionRows},
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{
    super::dialect::RunQueryDsl,
    joins::{ActiveSessionQuery, IssueQuery},
    owners::account_with_identities,
    rows::SqlRows,
};
use crate::{
    columns::{AccountColumns, IdentityColumns, LoginColumns, SessionColumns, corrupt},
    schema::{grants, logins, sessions},
};

type IssueColumns = (
    AccountColumns,
    Option<LoginColumns>,
    Option<SessionColumns>,
    Option<IdentityColumns>,
    Option<AccountColumns>,
    i64,
);

type ActiveSessionColumns = (SessionColumns, AccountColumns, Option<IdentityColumns>, Option<AccountColumns>);

impl SessionRows for SqlRows<'_> {
    async fn issue_basis(&mut self, account: AccountId, login: LoginId) -> RowResult<Option<IssueBasis>> {
        let found = IssueQuery::of(account, login).load(self.reading().await?).await;
        let mut found: Vec<IssueColumns> = self.answer(found)?;
        let Some((account, login, session, identity, other, live_sessions)) = found.pop() else {
            return Ok(None);
        };
        let joined = found.into_iter().map(|(_, _, _, identity, other, _)| (identity, other));
        let joined = joined.chain([(identity, other)]);
        Ok(Some(IssueBasis {
            owner: account_with_identities(account.into_row()?, joined)?,
            login: login.map(LoginColumns::into_row).transpose()?,
            session: session.map(SessionColumns::into_row).transpose()?,
            // None is counted below nought, and no machine has more than it can count.
            live_sessions: usize::try_from(live_sessions).unwrap_or(usize::MAX),
        }))
    }

    async fn live_session(
        &mut self,
        token_hash: &SessionTokenHash,
    ) -> RowResult<Option<(SessionRow, AccountWithIdentities)>> {
        let found = ActiveSessionQuery::of(token_hash).load(self.reading().await?).await;
        let mut found: Vec<ActiveSessionColumns> = self.answer(found)?;
        let Some((session, account, identity, other)) = found.pop() else { return Ok(None) };
        let joined = found.into_iter().map(|(_, _, identity, other)| (identity, other));
        let joined = joined.chain([(identity, other)]);
        Ok(Some((session.into_row()?, account_with_identities(account.into_row()?, joined)?)))
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
        let found: QueryResult<SessionColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(SessionColumns::into_row).transpose()
    }

    async fn live_sessions(&mut self, account: AccountId) -> RowResult<Vec<SessionRow>> {
        let query = sessions::table
            .filter(sessions::account_id.eq(account.to_string()).and(sessions::ended_at.is_null()))
            .order(sessions::id)
            .select(SessionColumns::as_select());
        let found: QueryResult<Vec<SessionColumns>> = query.load(self.reading().await?).await;
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
        let found: QueryResult<Vec<(SessionColumns, Option<String>)>> =
            query.load(self.reading().await?).await;
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
        let inserted = insert.execute(self.writing().await?).await;
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
        let updated = diesel::update(live).set(change).execute(self.writing().await?).await;
        self.answer(updated).map(drop)
    }

    async fn clients_of_session(&mut self, id: SessionId) -> RowResult<Vec<ClientId>> {
        let query = grants::table
            .filter(grants::session_id.eq(id.to_string()).and(grants::redeemed_at.is_not_null()))
            .order(grants::client_id)
            .select(grants::client_id)
            .distinct();
        let found: QueryResult<Vec<String>> = query.load(self.reading().await?).await;
        let wrong = || corrupt("grants", "client_id", &id.to_string());
        self.answer(found)?.into_iter().map(|id| ClientId::parse(id).map_err(|_| wrong())).collect()
    }

    async fn ended_sessions(
        &mut self,
        prune_from: Timestamp,
        after: Option<SessionId>,
        at_most: u32,
    ) -> RowResult<Vec<EndedSession>> {
        let after = after.map_or_else(String::new, |after| after.to_string());
        let (at, later) =
            (sessions::prune_at.eq(prune_from.as_millis()), sessions::prune_at.gt(prune_from.as_millis()));
        let query = sessions::table
            .filter(sessions::ended_at.is_not_null().and(later.or(at.and(sessions::id.gt(after)))))
            .order((sessions::prune_at, sessions::id))
            .select((sessions::id, sessions::ended_at.assume_not_null()));
        let query = at_most!(query, at_most.into());
        let found: QueryResult<Vec<(String, i64)>> = query.load(self.reading().await?).await;
        let read = |(id, ended_at): (String, i64)| {
            let session = SessionId::parse(&id).ok_or_else(|| corrupt("sessions", "id", &id))?;
            Ok(EndedSession { id: session, ended_at: Timestamp::from_millis(ended_at) })
        };
        self.answer(found)?.into_iter().map(read).collect()
    }

    async fn end_session(
        &mut self,
        id: SessionId,
        ended_at: Timestamp,
        prune_at: Timestamp,
    ) -> RowResult<bool> {
        let live = sessions::table.find(id.to_string()).filter(sessions::ended_at.is_null());
        let change =
            (sessions::ended_at.eq(ended_at.as_millis()), sessions::prune_at.eq(prune_at.as_millis()));
        let updated = diesel::update(live).set(change).execute(self.writing().await?).await;
        Ok(self.answer(updated)? > 0)
    }
}
