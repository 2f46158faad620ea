//! The port for sessions.

use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::AccountId,
    ports::{ActiveSession, AuditEntry, AuditKind, NewSession, Sessions, StoreError, StoredSession},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{
    Connection, Repository, audit,
    closing::{self, Which},
};
use crate::{
    failure::Failure,
    rows::{AccountRow, SessionRow},
    schema::{accounts, identities, logins, sessions},
};

/// How many sessions a list has at the most.
const LISTED: i64 = 100;

/// How many are told at the most that their account changed.
const TOLD: i64 = 1000;

#[async_trait]
impl Sessions for Repository {
    async fn issue(&self, session: NewSession) -> Result<Option<StoredSession>, StoreError> {
        self.transaction(session, |connection, new| Box::pin(open(connection, new))).await
    }

    async fn find(&self, token_hash: &SessionTokenHash) -> Result<Option<ActiveSession>, StoreError> {
        self.query(*token_hash, |connection, hash| Box::pin(active(connection, hash))).await
    }

    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        let used = (id, at);
        self.transaction(used, |connection, (id, at)| Box::pin(touch(connection, *id, *at))).await
    }

    async fn list(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        let rows =
            self.query(account, |connection, account| Box::pin(list(connection, *account, LISTED))).await?;
        rows.into_iter().map(SessionRow::into_domain).collect()
    }

    async fn tokens_of(&self, account: AccountId) -> Result<Vec<SessionTokenHash>, StoreError> {
        let rows =
            self.query(account, |connection, account| Box::pin(list(connection, *account, TOLD))).await?;
        rows.into_iter().map(|row| Ok(row.into_opened()?.token_hash)).collect()
    }

    async fn end(
        &self,
        account: AccountId,
        id: SessionId,
        at: Timestamp,
    ) -> Result<Option<SessionTokenHash>, StoreError> {
        let close = closing::Close { account, which: Which::One(id), at };
        let ended = self.transaction(close, |connection, close| Box::pin(closing::close(connection, close)));
        Ok(ended.await?.pop())
    }

    async fn end_all(&self, account: AccountId, at: Timestamp) -> Result<Vec<SessionTokenHash>, StoreError> {
        let close = closing::Close { account, which: Which::All, at };
        self.transaction(close, |connection, close| Box::pin(closing::close(connection, close))).await
    }

    async fn end_until(
        &self,
        account: AccountId,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<SessionTokenHash>, StoreError> {
        let close = closing::Close { account, which: Which::Until(until), at };
        self.transaction(close, |connection, close| Box::pin(closing::close(connection, close))).await
    }
}

async fn open(connection: &mut Connection, new: &NewSession) -> Result<Option<StoredSession>, Failure> {
    let query =
        sessions::table.filter(sessions::login_id.eq(new.login.to_string())).select(SessionRow::as_select());
    let row: Option<SessionRow> = query.first(connection).await.optional()?;
    if let Some(row) = row {
        return Ok(Some(row.into_opened()?));
    }
    let account = accounts::table.find(new.account.to_string()).select(AccountRow::as_select());
    // Held, so that whoever ends sessions of the account at the same time has seen this one or is seen here.
    let account: Option<AccountRow> = held!(account).first(connection).await.optional()?;
    let is_over = account.is_some_and(|account| account.has_ended_sessions_since(new.registered_at));
    if is_over || !leads_there(connection, new).await? {
        return Ok(None);
    }
    let row = SessionRow::new(new);
    diesel::insert_into(sessions::table).values(&row).execute(connection).await?;
    let entry = AuditEntry {
        at: new.at,
        kind: AuditKind::SessionCreated,
        account: new.account,
        login: Some(new.login),
    };
    audit::record(connection, &entry).await?;
    Ok(Some(row.into_opened()?))
}

/// Returns whether the identity that a login was scanned by leads to the session's account since then.
async fn leads_there(connection: &mut Connection, new: &NewSession) -> Result<bool, Failure> {
    let scanned_by = logins::table.filter(logins::id.eq(new.login.to_string())).select(logins::identity_id);
    let scanned_by: Option<Option<String>> = scanned_by.first(connection).await.optional()?;
    let Some(identity) = scanned_by.flatten() else { return Ok(true) };
    let bound = identities::table
        .filter(identities::id.eq(identity))
        .select((identities::account_id, identities::linked_at));
    let bound: Option<(Option<String>, Option<i64>)> = bound.first(connection).await.optional()?;
    let Some((Some(account), Some(since))) = bound else { return Ok(false) };
    if account != new.account.to_string() {
        return Ok(false);
    }
    // That it is bound for a shorter time than the login is registered does not say that it was taken away
    // between: two nodes that do both at once may have read their clocks the other way round.
    if since <= new.registered_at.as_millis() {
        return Ok(true);
    }
    let removed = [AuditKind::IdentityUnlinked];
    Ok(!audit::has_happened_since(connection, new.account, &removed, new.registered_at).await?)
}

async fn active(
    connection: &mut Connection,
    token_hash: &SessionTokenHash,
) -> Result<Option<ActiveSession>, Failure> {
    let query = sessions::table
        .inner_join(accounts::table)
        .filter(sessions::token_hash.eq(token_hash.as_bytes().as_slice()).and(sessions::ended_at.is_null()))
        .select((SessionRow::as_select(), AccountRow::as_select()));
    let rows: Option<(SessionRow, AccountRow)> = query.first(connection).await.optional()?;
    let Some((session, account)) = rows else { return Ok(None) };
    let (session, account) = (session.into_domain()?, account.into_domain()?);
    let identities = super::identities::of_account(connection, account.id).await?;
    let conflicts = super::conflicts::of_account(connection, account.id).await?;
    Ok(Some(ActiveSession { session, account, identities, conflicts }))
}

async fn touch(connection: &mut Connection, id: SessionId, at: Timestamp) -> Result<(), Failure> {
    let unmoved = sessions::table
        .filter(sessions::id.eq(id.to_string()))
        .filter(sessions::ended_at.is_null().and(sessions::last_seen_at.lt(at.as_millis())));
    let change =
        (sessions::last_seen_at.eq(at.as_millis()), sessions::prune_at.eq(SessionRow::prune_unused_at(at)));
    diesel::update(unmoved).set(change).execute(connection).await?;
    Ok(())
}

async fn list(
    connection: &mut Connection,
    account: AccountId,
    limit: i64,
) -> Result<Vec<SessionRow>, Failure> {
    let query = sessions::table
        .filter(sessions::account_id.eq(account.to_string()).and(sessions::ended_at.is_null()))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(limit)
        .select(SessionRow::as_select());
    Ok(query.load(connection).await?)
}
