//! Repeating a scan: a login that has a row answers with what its row says.

use super::{
    corrupt::corrupt,
    rows::{IdentityRows, LoginRow, RowResult, ScanOutcome},
};
use crate::{
    login::{Login, LoginState},
    ports::{Scan, ScanRecord, ScanTaken},
};

/// Answers a scan of a login that has a row: by the same person, by another one, or after the login was over.
pub(super) async fn repeat_scan(
    rows: &mut impl IdentityRows,
    scan: &Scan,
    row: LoginRow,
) -> RowResult<ScanTaken> {
    match row.scan.as_ref().map(|scan| scan.outcome) {
        None => return over(&row.login),
        Some(ScanOutcome::LinkRefused) => return Ok(ScanTaken::LinkRefused(row.login)),
        Some(ScanOutcome::Known | ScanOutcome::Linked | ScanOutcome::New) => {}
    }
    let person = rows.identity_of(&scan.app, &scan.openid).await?.map(|row| row.identity);
    let has_union = person.as_ref().is_some_and(|person| person.union.is_some());
    let record = scan_record(row, has_union)?;
    if person.is_some_and(|person| person.id == record.identity) {
        return Ok(ScanTaken::Again(record));
    }
    Ok(ScanTaken::ByAnother)
}

/// Returns what a login's row says of its scan by an identity; not whether the scan linked the identity just now.
pub(super) fn scan_record(row: LoginRow, has_union: bool) -> RowResult<ScanRecord> {
    let id = row.login.id;
    let scan = row.scan.ok_or_else(|| corrupt("logins.scanned_at", id))?;
    Ok(ScanRecord {
        login: row.login,
        identity: scan.identity.ok_or_else(|| corrupt("logins.identity_id", id))?,
        known: matches!(scan.outcome, ScanOutcome::Known | ScanOutcome::Linked),
        linked: scan.outcome == ScanOutcome::Linked,
        bound_now: false,
        has_union,
        client_info: scan.client_info,
        at: scan.at,
    })
}

/// Answers a scan of a login that ended without one.
pub(super) fn over(login: &Login) -> RowResult<ScanTaken> {
    match login.state {
        LoginState::Expired { reason, .. } => Ok(ScanTaken::Over(reason)),
        LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Registered { .. } => {
            Err(corrupt("logins.scanned_at", login.id))
        }
    }
}
