//! Issuing the session of a registered login, and writing down its use.

use std::time::Duration;

use super::{
    end_sessions::{end_each, were_all_ended_since},
    outbox::tell,
    reads::active_session,
    retention::unused_session_prune_at,
    rows::{
        AccountRows, AccountWithIdentities, AuditRows, IdentityRow, IssueBasis, LoginRow, RowResult,
        SessionRow, SessionRows,
    },
};
use crate::{
    account::AccountId,
    event::{Event, EventKind},
    login::{Login, LoginState},
    ports::{AuditEntry, AuditKind, AuditNote, NewSession, StoredSession},
    session::{AuthMethods, Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

/// How many sessions an account has at the most.
pub const SESSIONS_OF_ACCOUNT: usize = 20;

/// How exactly an account knows when it was seen last: a login within this time of the last one writes nothing.
const SEEN_NOTED_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an identity is new to its account.
const NEW_FOR: Duration = Duration::from_secs(60 * 60);

/// Issues the session of a login, or finds the one that it has; `None` where the login may not issue any.
///
/// Only the login's row says that it is registered, for which account and since when: whatever the caller read in a cache
/// leads nowhere without it.
pub(super) async fn issue_session(
    rows: &mut (impl AccountRows + SessionRows + AuditRows),
    new: &NewSession,
) -> RowResult<Option<StoredSession>> {
    // The account is held, so that a transaction which ends its sessions or unlinks its identities at the same time
    // has seen this session or is seen here.
    rows.hold_account(new.account).await?;
    let Some(IssueBasis { mut owner, login, session, live_sessions }) =
        rows.issue_basis(new.account, new.login).await?
    else {
        return Ok(None);
    };
    if let Some(row) = session {
        return Ok((row.session.account == new.account).then(|| stored(row, owner, Vec::new())));
    }
    let Some(login) = login else { return Ok(None) };
    if !may_issue(rows, &login, &owner).await? {
        return Ok(None);
    }
    if owner.account.last_seen_at.plus(SEEN_NOTED_EVERY) <= new.at {
        rows.update_last_seen_at(new.account, new.at).await?;
        owner.account.last_seen_at = new.at;
    }
    let displaced =
        if live_sessions < SESSIONS_OF_ACCOUNT { Vec::new() } else { make_room(rows, new).await? };
    let row = first_row(new, login.auth_methods);
    rows.insert_session(&row).await?;
    let identity = login.scan.as_ref().and_then(|scan| scan.identity);
    let (account, login) = (new.account, Some(new.login));
    let entry = AuditEntry { at: new.at, kind: AuditKind::SessionCreated, account, login };
    let note = AuditNote { client: new.client_info.clone(), ..entry.into() };
    rows.insert_audit_note(&note.plain()).await?;
    let event = Event::of_account(EventKind::SessionCreated, account, new.at);
    tell(rows, Event { session: Some(new.id), login, identity, ..event }).await?;
    Ok(Some(stored(row, owner, displaced)))
}

/// Returns whether a login may be issued its first session of an account.
async fn may_issue(
    rows: &mut impl AuditRows,
    login: &LoginRow,
    owner: &AccountWithIdentities,
) -> RowResult<bool> {
    let account = &owner.account;
    let Some(registered_at) = registered_since(&login.login, account.account.id) else { return Ok(false) };
    if account.account.disabled || were_all_ended_since(account, registered_at) {
        return Ok(false);
    }
    identity_leads_to_account(rows, login, owner, registered_at).await
}

/// Ends sessions of an account that has no room for another one: those that have expired first, then the oldest.
async fn make_room(
    rows: &mut (impl SessionRows + AuditRows),
    new: &NewSession,
) -> RowResult<Vec<SessionTokenHash>> {
    let mut sessions = rows.live_sessions(new.account).await?;
    sessions.sort_by_key(|SessionRow { session, .. }| {
        (!session.is_over(&new.policy, new.at), session.created_at, session.id)
    });
    sessions.truncate((sessions.len() + 1).saturating_sub(SESSIONS_OF_ACCOUNT));
    end_each(rows, sessions, new.at).await
}

/// Returns since when a login leads to an account; `None` where it does not.
fn registered_since(login: &Login, to: AccountId) -> Option<Timestamp> {
    match login.state {
        LoginState::Registered { account, since, .. } => (account == to).then_some(since),
        LoginState::Loop { .. }
        | LoginState::Scanned { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Expired { .. } => None,
    }
}

/// Returns whether the identity that scanned the login has led to the account ever since the login was registered. A
/// login that was not scanned has no identity to ask.
async fn identity_leads_to_account(
    rows: &mut impl AuditRows,
    login: &LoginRow,
    owner: &AccountWithIdentities,
    registered_at: Timestamp,
) -> RowResult<bool> {
    let Some(id) = login.scan.as_ref().and_then(|scan| scan.identity) else { return Ok(true) };
    let is_theirs = |row: &&IdentityRow| row.identity.id == id;
    let Some(linked_at) = owner.identities.iter().find(is_theirs).and_then(|row| row.linked_at) else {
        return Ok(false);
    };
    // A link that is younger than the login does not say that the identity was unlinked in between: two nodes that
    // link and register at once may have read their clocks the other way round.
    if linked_at <= registered_at {
        return Ok(true);
    }
    let (account, unlinked) = (owner.account.account.id, [AuditKind::IdentityUnlinked]);
    Ok(!rows.has_audit_since(account, &unlinked, registered_at).await?)
}

fn first_row(new: &NewSession, auth_methods: AuthMethods) -> SessionRow {
    let session = Session {
        id: new.id,
        login: new.login,
        account: new.account,
        created_at: new.at,
        last_seen_at: new.at,
        client_info: new.client_info.clone(),
        auth_methods,
    };
    let prune_at = unused_session_prune_at(new.at);
    SessionRow { session, token_hash: new.token_hash, ended_at: None, prune_at }
}

fn stored(row: SessionRow, owner: AccountWithIdentities, displaced: Vec<SessionTokenHash>) -> StoredSession {
    let (ended, token_hash, issued_at) = (row.ended_at.is_some(), row.token_hash, row.session.created_at);
    let is_new =
        |identity: &IdentityRow| identity.linked_at.is_some_and(|since| issued_at < since.plus(NEW_FOR));
    let has_news = owner.account.last_seen_at == issued_at || owner.identities.iter().any(is_new);
    StoredSession { active: active_session(row.session, owner), token_hash, ended, displaced, has_news }
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
