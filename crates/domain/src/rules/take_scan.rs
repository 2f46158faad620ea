//! Taking a scan: the first one decides how its login goes on, and every later one finds that.

use std::sync::Arc;

use super::{
    consents::{consent_to, keep_consent, may_have_account},
    login_row::first_row,
    note_conflict::note_conflict,
    note_refusal::{RefusedLogin, note_refusal},
    probation::keep_on_probation,
    repeat_scan::{over, repeat_scan, scan_record},
    rows::{
        AccountRows, AuditRows, ConsentRow, ConsentRows, FoundByScan, IdentityRow, IdentityRows, JournalRows,
        LoginRows, RowResult, ScanDecision, ScanRow,
    },
    scan_destination::{Arrival, Destination, Led, admit, scan_destination},
    scanned_identity::write_scanned_identity,
};
use crate::{
    account::{AccountId, IdentityId},
    login::{ClientInfo, Login, LoginEvent},
    ports::{Asks, Scan, ScanRecord, ScanTaken},
    session::{AuthMethod, AuthMethods},
};

/// Takes a scan, or finds what an earlier one led to, and writes that into the journal where it is told. A pending link means
/// nothing once its login has a row.
pub(super) async fn take_scan(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + AuditRows + ConsentRows + JournalRows),
    scan: &Scan,
) -> RowResult<ScanTaken> {
    let found = rows.find_by_scan(scan.login, &scan.app, &scan.openid).await?;
    let taken = match found.login {
        Some(row) => repeat_scan(scan, row, found.person.as_ref(), found.is_disabled)?,
        None => take_first_scan(rows, scan, found).await?,
    };
    if let Some(entry) = &scan.entry {
        rows.insert_journal(Arc::clone(entry), taken.as_str().into()).await?;
    }
    Ok(taken)
}

async fn take_first_scan(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + AuditRows + ConsentRows),
    scan: &Scan,
    FoundByScan { pending_link, person, is_disabled, .. }: FoundByScan,
) -> RowResult<ScanTaken> {
    let login = Login::new(scan.login).at(scan.at);
    if login.state.is_final() {
        return over(&login);
    }
    let known = person.as_ref().map(|row| &row.identity);
    let consent = consent_to(rows, scan.login, scan.terms.as_ref()).await?;
    let may_be_made = may_have_account(scan.terms.as_ref(), consent.as_ref());
    let destination =
        match scan_destination(rows, &Arrival::of_scan(scan, known, may_be_made), pending_link.as_ref())
            .await?
        {
            Led::To(destination) => destination,
            Led::Refused(outcome) => return refuse(rows, scan, login, outcome).await,
        };
    let taken = match scan.asks {
        Some(asks) => ask(rows, scan, login, person.as_ref(), asks).await?,
        None => {
            admit(rows, destination, scan.login, scan.at).await?;
            write_scan(rows, scan, login, person.as_ref(), destination, consent).await?
        }
    };
    match taken {
        ScanTaken::First(record) => Ok(ScanTaken::First(ScanRecord { is_disabled, ..record })),
        taken @ (ScanTaken::Again(_)
        | ScanTaken::ByAnother
        | ScanTaken::Over(_)
        | ScanTaken::LinkRefused(_)
        | ScanTaken::RegistrationClosed(_)) => Ok(taken),
    }
}

/// Writes that a login was scanned and its phone is asked. Nothing is linked before the answer.
async fn ask(
    rows: &mut (impl LoginRows + IdentityRows + AuditRows),
    scan: &Scan,
    login: Login,
    person: Option<&IdentityRow>,
    Asks { question, window }: Asks,
) -> RowResult<ScanTaken> {
    let identity = person.map_or(scan.new_identity, |row| row.identity.id);
    let login = match login.apply(LoginEvent::Asked { identity, question, window }, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    let row = scan_row(scan, identity, ScanDecision::Asked);
    let row = first_row(login, Some(row), AuthMethod::from(scan.channel).into());
    write_scanned_identity(rows, scan, person, Destination::PhoneNumber, row.prune_at).await?;
    if let Some(account) = person.and_then(|person| person.identity.account) {
        note_union(rows, scan, account, person).await?;
    }
    rows.insert_login(&row).await?;
    Ok(ScanTaken::First(scan_record(row, scan.at, person)?))
}

/// Writes what the first scan led to. The insert of the login's row is the compare-and-set: of several first scans
/// at once the others lose the race, start over, and find the row.
async fn write_scan(
    rows: &mut (impl LoginRows + IdentityRows + AuditRows + ConsentRows),
    scan: &Scan,
    login: Login,
    person: Option<&IdentityRow>,
    destination: Destination,
    consent: Option<ConsentRow>,
) -> RowResult<ScanTaken> {
    let identity = person.map_or(scan.new_identity, |row| row.identity.id);
    let event = LoginEvent::Scanned { identity, account: destination.account(), window: scan.window };
    let login = match login.apply(event, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    let row = scan_row(scan, identity, destination.outcome());
    let row = first_row(login, Some(row), AuthMethod::from(scan.channel).into());
    write_scanned_identity(rows, scan, person, destination, row.prune_at).await?;
    if let Some(account) = destination.account_without_union() {
        note_union(rows, scan, account, person).await?;
    }
    if let Some(account) = destination.account() {
        keep_consent(rows, account, consent).await?;
    }
    rows.insert_login(&row).await?;
    let record = scan_record(row, scan.at, person)?;
    let has_union = record.has_union || scan.union.is_some();
    Ok(ScanTaken::First(ScanRecord { bound_now: destination.links_to().is_some(), has_union, ..record }))
}

fn scan_row(scan: &Scan, identity: IdentityId, outcome: ScanDecision) -> ScanRow {
    ScanRow { identity: Some(identity), outcome, client_info: scan.client_info.clone(), at: scan.at }
}

/// Notes a unionid that a scan tells of an identity for the first time, where another account has it, too.
async fn note_union(
    rows: &mut (impl IdentityRows + AuditRows),
    scan: &Scan,
    account: AccountId,
    person: Option<&IdentityRow>,
) -> RowResult<()> {
    let known_union = person.and_then(|row| row.identity.union.as_ref());
    let Some(union) = scan.union.as_ref().filter(|union| known_union != Some(*union)) else { return Ok(()) };
    note_conflict(rows, account, union, scan.login, scan.at).await?;
    match person {
        Some(person) => keep_on_probation(rows, account, person, union).await,
        None => Ok(()),
    }
}

/// Ends a login that cannot log the person in: its pending link cannot add the identity to its account, or no new account is
/// made. Nothing of the person is kept.
async fn refuse(
    rows: &mut (impl LoginRows + AuditRows),
    scan: &Scan,
    login: Login,
    outcome: ScanDecision,
) -> RowResult<ScanTaken> {
    let login = match login.apply(LoginEvent::Denied, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    let row = ScanRow { identity: None, outcome, client_info: ClientInfo::default(), at: scan.at };
    rows.insert_login(&first_row(login.clone(), Some(row), AuthMethods::NONE)).await?;
    let refused =
        RefusedLogin { login: scan.login, app: Some(&scan.app), why: outcome.as_str(), at: scan.at };
    note_refusal(rows, refused).await?;
    Ok(match outcome {
        ScanDecision::RegistrationClosed => ScanTaken::RegistrationClosed(login),
        ScanDecision::Known
        | ScanDecision::Linked
        | ScanDecision::New
        | ScanDecision::Asked
        | ScanDecision::LinkRefused
        | ScanDecision::NumberAlone => ScanTaken::LinkRefused(login),
    })
}
