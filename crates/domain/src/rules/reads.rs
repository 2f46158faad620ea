//! What is read without a transaction: the rules here say what a reader sees, and how much of it.

use std::cmp::Reverse;

use super::rows::{
    AccountRows, AccountWithIdentities, IdentityRows, LoginRow, LoginRows, RowResult, ScanOutcome,
    SessionRows,
};
use crate::{
    account::{Account, AccountId, Conflict, Identity, IdentityId},
    login::{Login, LoginId},
    ports::{ActiveSession, LoginRecord},
    session::{Session, SessionTokenHash},
    wechat::{AppName, OpenId},
};

/// How many conflicts of an account are listed at the most.
pub const CONFLICTS_LISTED: u32 = 100;

const MOST_CONFLICTS: usize = CONFLICTS_LISTED as usize;

/// Returns the record of a login; one to which nothing has happened has none.
pub(super) async fn find_login(rows: &mut impl LoginRows, id: LoginId) -> RowResult<Option<LoginRecord>> {
    let record = |row: LoginRow| {
        let identity = row.scan.as_ref().and_then(|scan| scan.identity);
        let outcome = row.scan.map(|scan| scan.outcome);
        let link_refused = outcome == Some(ScanOutcome::LinkRefused);
        let registration_closed = outcome == Some(ScanOutcome::RegistrationClosed);
        LoginRecord { login: row.login, identity, proof: row.proof, link_refused, registration_closed }
    };
    Ok(rows.login(id).await?.map(record))
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

/// Lists the token hashes of the sessions of an account that were not ended.
pub(super) async fn list_token_hashes(
    rows: &mut impl SessionRows,
    account: AccountId,
) -> RowResult<Vec<SessionTokenHash>> {
    Ok(rows.live_sessions(account).await?.into_iter().map(|row| row.token_hash).collect())
}
