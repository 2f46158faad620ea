//! Repeating a scan: a login that has a row answers with what its row says.

use super::{
    corrupt::corrupt,
    notices::has_notice,
    rows::{IdentityRow, LoginRow, RowResult, ScanDecision},
};
use crate::{
    login::{Login, LoginState},
    ports::{Scan, ScanRecord, ScanTaken},
    time::Timestamp,
};

/// Answers a scan of a login that has a row: by the same person, by another one, or after the login was over.
pub(super) fn repeat_scan(
    scan: &Scan,
    row: LoginRow,
    person: Option<&IdentityRow>,
    is_disabled: bool,
) -> RowResult<ScanTaken> {
    match row.scan.as_ref().map(|scan| scan.outcome) {
        None => return over(&row.login),
        Some(ScanDecision::LinkRefused) => return Ok(ScanTaken::LinkRefused(row.login)),
        Some(ScanDecision::RegistrationClosed) => return Ok(ScanTaken::RegistrationClosed(row.login)),
        // Nothing of it was ever in a QR code.
        Some(ScanDecision::NumberAlone) => return Ok(ScanTaken::ByAnother),
        // The phone refused, or did not answer in time.
        Some(ScanDecision::Asked) if row.login.clone().at(scan.at).state.is_final() => {
            return over(&row.login.at(scan.at));
        }
        Some(ScanDecision::Known | ScanDecision::Linked | ScanDecision::New | ScanDecision::Asked) => {}
    }
    let record = scan_record(row, scan.at, person)?;
    if person.is_some_and(|person| person.identity.id == record.identity) {
        return Ok(ScanTaken::Again(ScanRecord { is_disabled, ..record }));
    }
    Ok(ScanTaken::ByAnother)
}

/// Returns what a login's row says at a moment of its scan by a person as they were known before; not whether the scan linked the
/// identity just now, nor whether its account is disabled.
pub(super) fn scan_record(
    row: LoginRow,
    at: Timestamp,
    person: Option<&IdentityRow>,
) -> RowResult<ScanRecord> {
    let id = row.login.id;
    let scan = row.scan.ok_or_else(|| corrupt("logins.scanned_at", id))?;
    Ok(ScanRecord {
        login: row.login,
        identity: scan.identity.ok_or_else(|| corrupt("logins.identity_id", id))?,
        known: matches!(scan.outcome, ScanDecision::Known | ScanDecision::Linked),
        linked: scan.outcome == ScanDecision::Linked,
        bound_now: false,
        has_union: person.is_some_and(|row| row.identity.union.is_some()),
        has_notice: person.is_some_and(|person| has_notice(person, at)),
        is_disabled: false,
        client_info: scan.client_info,
        at: scan.at,
    })
}

/// Answers a scan of a login that ended without one.
pub(super) fn over(login: &Login) -> RowResult<ScanTaken> {
    match login.state {
        LoginState::Expired { reason, .. } => Ok(ScanTaken::Over(reason)),
        LoginState::Loop { .. }
        | LoginState::Scanned { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Registered { .. } => Err(corrupt("logins.scanned_at", login.id)),
    }
}
