//! Issuing the session of a registered login, and writing down its use.

use std::time::Duration;

use super::{
    end_sessions::were_all_ended_since,
    retention::unused_session_prune_at,
    rows::{AccountRows, AuditRows, IdentityRows, LoginRows, RowResult, SessionRow, SessionRows},
};
use crate::{
    ports::{AuditEntry, AuditKind, NewSession, StoredSession},
    session::{Session, SessionId},
    time::Timestamp,
};

/// How exactly an account knows when it was seen last: a login within this time of the last one writes nothing.
const SEEN_NOTED_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Issues the session of a login, or finds the one that it has; `None` where the login may not issue any.
pub(super) async fn issue_session(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows),
    new: &NewSession,
) -> RowResult<Option<StoredSession>> {
    if let Some(row) = rows.session_of_login(new.login).await? {
        return Ok(Some(stored(row)));
    }
    // The account is held, so that a transaction which ends its sessions or unlinks its identities at the same time
    // has seen this session or is seen here.
    let account = rows.account_for_update(new.account).await?;
    let is_over = account.as_ref().is_some_and(|account| were_all_ended_since(account, new.registered_at));
    if is_over || !identity_leads_to_account(rows, new).await? {
        return Ok(None);
    }
    if account.is_some_and(|account| account.last_seen_at.plus(SEEN_NOTED_EVERY) <= new.at) {
        rows.update_last_seen_at(new.account, new.at).await?;
    }
    let row = first_row(new);
    rows.insert_session(&row).await?;
    let (account, login) = (new.account, Some(new.login));
    let entry = AuditEntry { at: new.at, kind: AuditKind::SessionCreated, account, login };
    rows.insert_audit(&entry).await?;
    Ok(Some(stored(row)))
}

/// Returns whether the identity that scanned the login has led to the session's account ever since the login was
/// registered. A login whose row or scan is not known is not asked.
async fn identity_leads_to_account(
    rows: &mut (impl LoginRows + IdentityRows + AuditRows),
    new: &NewSession,
) -> RowResult<bool> {
    let scan = rows.login(new.login).await?.and_then(|row| row.scan);
    let Some(id) = scan.and_then(|scan| scan.identity) else { return Ok(true) };
    let Some(row) = rows.identity(id).await? else { return Ok(false) };
    let Some(linked_at) = row.linked_at.filter(|_| row.identity.account == Some(new.account)) else {
        return Ok(false);
    };
    // A link that is younger than the login does not say that the identity was unlinked in between: two nodes that
    // link and register at once may have read their clocks the other way round.
    if linked_at <= new.registered_at {
        return Ok(true);
    }
    let unlinked = [AuditKind::IdentityUnlinked];
    Ok(!rows.has_audit_since(new.account, &unlinked, new.registered_at).await?)
}

fn first_row(new: &NewSession) -> SessionRow {
    let session = Session {
        id: new.id,
        login: new.login,
        account: new.account,
        created_at: new.at,
        last_seen_at: new.at,
        client_info: new.client_info.clone(),
    };
    let prune_at = unused_session_prune_at(new.at);
    SessionRow { session, token_hash: new.token_hash, ended_at: None, prune_at }
}

fn stored(row: SessionRow) -> StoredSession {
    StoredSession { session: row.session, token_hash: row.token_hash, ended: row.ended_at.is_some() }
}

/// A use of a session.
pub(super) struct SessionUse {
    pub(super) id: SessionId,
    pub(super) at: Timestamp,
}

/// Writes down that a session was used: it is kept for longer.
pub(super) async fn touch_session(rows: &mut impl SessionRows, used: &SessionUse) -> RowResult<()> {
    rows.touch_session(used.id, used.at, unused_session_prune_at(used.at)).await
}
