//! What is read without a transaction: the rules here say what a reader sees, and how much of it.

use std::cmp::Reverse;

use super::{
    retention::ended_session_prune_at,
    rows::{
        AccountRows, AccountWithIdentities, IdentityRows, LoginRow, LoginRows, RowResult, ScanDecision,
        SessionRows,
    },
};
use crate::{
    account::{Account, AccountId, Conflict, Identity, IdentityId},
    login::{Login, LoginId, LoginState},
    ports::{ActiveSession, AskedLogin, EndedSession, LoginRecord},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// How many conflicts of an account are listed at the most.
pub const CONFLICTS_LISTED: u32 = 100;

const MOST_CONFLICTS: usize = CONFLICTS_LISTED as usize;

/// Returns the record of a login; one to which nothing has happened has none.
pub(super) async fn find_login(rows: &mut impl LoginRows, id: LoginId) -> RowResult<Option<LoginRecord>> {
    let record = |row: LoginRow| {
        let identity = row.scan.as_ref().and_then(|scan| scan.identity);
        let outcome = row.scan.as_ref().map(|scan| scan.outcome);
        let scan = row.scan.map(|scan| (scan.client_info, scan.at));
        let link_refused = outcome == Some(ScanDecision::LinkRefused);
        let registration_closed = outcome == Some(ScanDecision::RegistrationClosed);
        LoginRecord { login: row.login, identity, proof: row.proof, scan, link_refused, registration_closed }
    };
    Ok(rows.login(id).await?.map(record))
}

/// Returns the login that a person scanned last, if their phone is asked about it at this moment.
pub(super) async fn find_asked(
    rows: &mut (impl LoginRows + IdentityRows),
    asked: &(AppName, OpenId, Timestamp),
) -> RowResult<Option<AskedLogin>> {
    let (app, openid, at) = asked;
    let Some(person) = rows.identity_of(app, openid).await? else { return Ok(None) };
    let Some(row) = rows.last_asked(person.identity.id).await? else { return Ok(None) };
    let Some(scan) = row.scan else { return Ok(None) };
    let (login, identity) = (row.login.at(*at), person.identity.id);
    let is_asked = matches!(login.state, LoginState::Scanned { .. });
    let asked = || AskedLogin {
        login,
        identity,
        app: app.clone(),
        client_info: scan.client_info,
        scanned_at: scan.at,
    };
    Ok(is_asked.then(asked))
}

/// Returns those of the logins to which something has happened.
pub(super) async fn find_logins(rows: &mut impl LoginRows, ids: &[LoginId]) -> RowResult<Vec<Login>> {
    Ok(rows.logins(ids).await?.into_iter().map(|row| row.login).collect())
}

/// Returns an account.
pub(super) async fn find_account(rows: &mut impl AccountRows, id: AccountId) -> RowResult<Option<Account>> {
    Ok(rows.account(id).await?.map(|row| row.account))
}

/// Returns an identity, linked or not.
pub(super) async fn find_identity(
    rows: &mut impl IdentityRows,
    id: IdentityId,
) -> RowResult<Option<Identity>> {
    Ok(rows.identity(id).await?.map(|row| row.identity))
}

/// Returns the identity of a person within an app, linked or not.
pub(super) async fn find_identity_of(
    rows: &mut impl IdentityRows,
    app: &AppName,
    openid: &OpenId,
) -> RowResult<Option<Identity>> {
    Ok(rows.identity_of(app, openid).await?.map(|row| row.identity))
}

/// Lists the identities of an account.
pub(super) async fn list_identities(
    rows: &mut impl IdentityRows,
    account: AccountId,
) -> RowResult<Vec<Identity>> {
    Ok(rows.identities_of_account(account).await?.into_iter().map(|row| row.identity).collect())
}

/// Lists the conflicts of an account.
pub(super) async fn list_conflicts(
    rows: &mut impl IdentityRows,
    account: AccountId,
) -> RowResult<Vec<Conflict>> {
    rows.identities_shared_with_others(account, CONFLICTS_LISTED).await
}

/// Returns the session with a token, unless it was ended, with all that its holder is told of the account.
pub(super) async fn find_session(
    rows: &mut impl SessionRows,
    token_hash: &SessionTokenHash,
) -> RowResult<Option<ActiveSession>> {
    let found = rows.live_session(token_hash).await?;
    Ok(found.map(|(row, owner)| active_session(row.session, owner)))
}

/// Makes what the holder of a session is told out of its rows.
pub(super) fn active_session(session: Session, owner: AccountWithIdentities) -> ActiveSession {
    let AccountWithIdentities { account, identities, mut conflicts } = owner;
    conflicts.truncate(MOST_CONFLICTS);
    let identities = identities.into_iter().map(|row| row.identity).collect();
    ActiveSession { session, account: account.account, identities, conflicts }
}

/// Lists the sessions of an account that were not ended, the newest first.
pub(super) async fn list_sessions(
    rows: &mut impl SessionRows,
    account: AccountId,
) -> RowResult<Vec<Session>> {
    let mut sessions: Vec<_> =
        rows.live_sessions(account).await?.into_iter().map(|row| row.session).collect();
    sessions.sort_by_key(|session| Reverse((session.created_at, session.id)));
    Ok(sessions)
}

/// Lists the sessions that were ended at a moment or since, the first ended first.
pub(super) async fn list_ended_sessions(
    rows: &mut impl SessionRows,
    since: Timestamp,
    after: Option<SessionId>,
    at_most: u32,
) -> RowResult<Vec<EndedSession>> {
    // A session that was ended is pruned so long after its end, and rows are found by when they are pruned.
    rows.ended_sessions(ended_session_prune_at(since), after, at_most).await
}

/// Lists the token hashes of the sessions of an account that were not ended.
pub(super) async fn list_token_hashes(
    rows: &mut impl SessionRows,
    account: AccountId,
) -> RowResult<Vec<SessionTokenHash>> {
    Ok(rows.live_sessions(account).await?.into_iter().map(|row| row.token_hash).collect())
}
