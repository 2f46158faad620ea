//! Ending sessions, one or all of an account.

use diesel::{
    BoolExpressionMethods,
    prelude::{ExpressionMethods, QueryDsl, SelectableHelper},
};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::AccountId,
    ports::{AuditEntry, AuditKind, LOGIN_KEPT_FOR, OpenedSession},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{Connection, audit};
use crate::{
    failure::Failure,
    rows::SessionRow,
    schema::{accounts, sessions},
};

/// Sessions to end.
pub(super) struct Close {
    pub(super) account: AccountId,
    /// One of the account's sessions, or else all.
    pub(super) only: Option<SessionId>,
    pub(super) at: Timestamp,
}

/// Ends the sessions that were not ended before and returns the hashes of their tokens.
pub(super) async fn close(
    connection: &mut Connection,
    close: &Close,
) -> Result<Vec<SessionTokenHash>, Failure> {
    if close.only.is_none() {
        end_uncollected(connection, close).await?;
    }
    let mut ended = Vec::new();
    for opened in open_ones(connection, close).await? {
        end(connection, &opened.session, close.at).await?;
        ended.push(opened.token_hash);
    }
    Ok(ended)
}

/// Keeps the account's logins until now from opening a session later.
async fn end_uncollected(connection: &mut Connection, close: &Close) -> Result<(), Failure> {
    let account = accounts::table.find(close.account.to_string());
    let change = accounts::sessions_ended_at.eq(close.at.as_millis());
    diesel::update(account).set(change).execute(connection).await?;
    Ok(())
}

async fn open_ones(connection: &mut Connection, close: &Close) -> Result<Vec<OpenedSession>, Failure> {
    let mut query = sessions::table
        .filter(sessions::account_id.eq(close.account.to_string()).and(sessions::ended_at.is_null()))
        .order(sessions::id)
        .select(SessionRow::as_select())
        .into_boxed();
    if let Some(id) = close.only {
        query = query.filter(sessions::id.eq(id.to_string()));
    }
    let rows: Vec<SessionRow> = query.load(connection).await?;
    Ok(rows.into_iter().map(SessionRow::into_opened).collect::<Result<_, _>>()?)
}

async fn end(connection: &mut Connection, session: &Session, at: Timestamp) -> Result<(), Failure> {
    let unended =
        sessions::table.filter(sessions::id.eq(session.id.to_string())).filter(sessions::ended_at.is_null());
    let change =
        (sessions::ended_at.eq(at.as_millis()), sessions::prune_at.eq(at.plus(LOGIN_KEPT_FOR).as_millis()));
    if diesel::update(unended).set(change).execute(connection).await? != 1 {
        return Err(Failure::Raced);
    }
    let entry = AuditEntry {
        at,
        kind: AuditKind::SessionEnded,
        account: session.account,
        login: Some(session.login),
    };
    audit::record(connection, &entry).await
}
