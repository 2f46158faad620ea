//! Ending sessions: one, all of an account, or those from before a moment.

use super::{
    outbox::{tell, tell_clients},
    retention::ended_session_prune_at,
    rows::{AccountRow, AccountRows, AuditRows, Rejected, RowResult, SessionRow, SessionRows},
};
use crate::{
    account::AccountId,
    event::{Event, EventKind},
    ports::{AuditEntry, AuditKind},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

/// One session to end.
pub(super) struct SessionToEnd {
    pub(super) account: AccountId,
    pub(super) id: SessionId,
    pub(super) at: Timestamp,
}

/// A session to end of which everything is known: what a session is never changes, only whether it has ended.
pub(super) struct KnownSessionToEnd {
    pub(super) session: Session,
    pub(super) at: Timestamp,
}

/// All sessions of an account to end; only those from before a moment, where there is one.
pub(super) struct SessionsToEnd {
    pub(super) account: AccountId,
    pub(super) until: Option<Timestamp>,
    pub(super) at: Timestamp,
}

/// Returns whether all sessions of an account were ended at a moment or since: a login that was registered at that
/// moment issues none any more.
pub(super) fn were_all_ended_since(account: &AccountRow, at: Timestamp) -> bool {
    account.sessions_ended_at.is_some_and(|ended_at| at <= ended_at)
}

/// Ends a session of an account, and returns the hash of its token if it was not ended before.
pub(super) async fn end_session(
    rows: &mut (impl SessionRows + AuditRows),
    end: &SessionToEnd,
) -> RowResult<Option<SessionTokenHash>> {
    let row = rows.live_session_of_account(end.account, end.id).await?;
    Ok(end_each(rows, row, end.at).await?.pop())
}

/// Ends a session that was read before, unless it was ended since.
pub(super) async fn end_known_session(
    rows: &mut (impl SessionRows + AuditRows),
    end: &KnownSessionToEnd,
) -> RowResult<()> {
    end_live(rows, &end.session, end.at).await.map(drop)
}

/// Ends sessions of an account, and keeps the logins that were registered until then from issuing one later.
pub(super) async fn end_sessions(
    rows: &mut (impl AccountRows + SessionRows + AuditRows),
    end: &SessionsToEnd,
) -> RowResult<Vec<SessionTokenHash>> {
    rows.raise_sessions_ended_at(end.account, end.until.unwrap_or(end.at)).await?;
    let mut sessions = rows.live_sessions(end.account).await?;
    sessions.retain(|row| end.until.is_none_or(|until| row.session.created_at <= until));
    end_each(rows, sessions, end.at).await
}

/// Ends sessions that were not ended, writes that into the trail, and returns the hashes of their tokens.
pub(super) async fn end_each(
    rows: &mut (impl SessionRows + AuditRows),
    sessions: impl IntoIterator<Item = SessionRow, IntoIter: Send> + Send,
    at: Timestamp,
) -> RowResult<Vec<SessionTokenHash>> {
    let mut ended = Vec::new();
    for SessionRow { session, token_hash, .. } in sessions {
        // One that was ended since it was read is found so by the next attempt.
        if !end_live(rows, &session, at).await? {
            return Err(Rejected::Raced);
        }
        ended.push(token_hash);
    }
    Ok(ended)
}

/// Ends a session and writes that into the trail; returns whether it was not ended before.
async fn end_live(
    rows: &mut (impl SessionRows + AuditRows),
    session: &Session,
    at: Timestamp,
) -> RowResult<bool> {
    let is_ended = rows.end_session(session.id, at, ended_session_prune_at(at)).await?;
    if is_ended {
        let (account, login) = (session.account, Some(session.login));
        rows.insert_audit(&AuditEntry { at, kind: AuditKind::SessionEnded, account, login }).await?;
        let event = Event::of_account(EventKind::SessionEnded, account, at);
        tell(rows, Event { session: Some(session.id), login, ..event }).await?;
        tell_clients(rows, session, at).await?;
    }
    Ok(is_ended)
}
