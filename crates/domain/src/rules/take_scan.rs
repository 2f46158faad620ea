//! Taking a scan: the first one decides how its login goes on, and every later one finds that.

use super::{
    create_account::{NewAccount, create_account},
    link_identity::Terms,
    login_row::first_row,
    note_conflict::note_conflict,
    outbox::tell,
    probation::keep_on_probation,
    repeat_scan::{over, repeat_scan, scan_record},
    rows::{
        AccountRows, AuditRows, FoundByScan, IdentityRow, IdentityRows, LoginRows, RowResult, ScanOutcome,
        ScanRow,
    },
    scan_destination::{Destination, scan_destination},
    scanned_identity::write_scanned_identity,
};
use crate::{
    event::{Event, EventKind},
    login::{ClientInfo, Login, LoginEvent},
    ports::{AuditKind, AuditNote, Newcomers, Scan, ScanRecord, ScanTaken},
    session::{AuthMethod, AuthMethods},
};

/// Takes a scan, or finds what an earlier one led to. A pending link means nothing once its login has a row.
pub(super) async fn take_scan(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + AuditRows),
    scan: &Scan,
) -> RowResult<ScanTaken> {
    let found = rows.find_by_scan(scan.login, &scan.app, &scan.openid).await?;
    match found.login {
        Some(row) => repeat_scan(scan, row, found.person.as_ref(), found.is_disabled),
        None => take_first_scan(rows, scan, found).await,
    }
}

async fn take_first_scan(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + AuditRows),
    scan: &Scan,
    FoundByScan { pending_link, person, is_disabled, .. }: FoundByScan,
) -> RowResult<ScanTaken> {
    let login = Login::new(scan.login).at(scan.at);
    if login.state.is_final() {
        return over(&login);
    }
    let known = person.as_ref().map(|row| &row.identity);
    let destination =
        match (scan_destination(rows, scan, pending_link.as_ref(), known).await?, scan.newcomers) {
            (None, _) => return refuse(rows, scan, login, ScanOutcome::LinkRefused).await,
            (Some(Destination::PhoneNumber), Newcomers::Refuse) => {
                return refuse(rows, scan, login, ScanOutcome::RegistrationClosed).await;
            }
            (Some(Destination::PhoneNumber), Newcomers::Admit(account)) => {
                create_account(
                    rows,
                    &NewAccount { id: account, phone: None, login: scan.login, at: scan.at },
                )
                .await?;
                Destination::NewAccount(Terms { account, probation_until: None })
            }
            (Some(destination), _) => destination,
        };
    match write_scan(rows, scan, login, person.as_ref(), destination).await? {
        ScanTaken::First(record) => Ok(ScanTaken::First(ScanRecord { is_disabled, ..record })),
        taken @ (ScanTaken::Again(_)
        | ScanTaken::ByAnother
        | ScanTaken::Over(_)
        | ScanTaken::LinkRefused(_)
        | ScanTaken::RegistrationClosed(_)) => Ok(taken),
    }
}

/// Writes what the first scan led to. The insert of the login's row is the compare-and-set: of several first scans
/// at once the others lose the race, start over, and find the row.
async fn write_scan(
    rows: &mut (impl LoginRows + IdentityRows + AuditRows),
    scan: &Scan,
    login: Login,
    person: Option<&IdentityRow>,
    destination: Destination,
) -> RowResult<ScanTaken> {
    let identity = person.map_or(scan.new_identity, |row| row.identity.id);
    let event = LoginEvent::Scanned { identity, account: destination.account(), window: scan.window };
    let login = match login.apply(event, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    let row = ScanRow {
        identity: Some(identity),
        outcome: destination.outcome(),
        client_info: scan.client_info.clone(),
        at: scan.at,
    };
    let row = first_row(login, Some(row), AuthMethod::from(scan.channel).into());
    write_scanned_identity(rows, scan, person, destination, row.prune_at).await?;
    let known_union = person.and_then(|row| row.identity.union.as_ref());
    if let (Some(account), Some(union)) = (destination.account_without_union(), &scan.union)
        && known_union != Some(union)
    {
        note_conflict(rows, account, union, scan.login, scan.at).await?;
        if let Some(person) = person {
            keep_on_probation(rows, account, person, union).await?;
        }
    }
    rows.insert_login(&row).await?;
    let record = scan_record(row, scan, person)?;
    let has_union = record.has_union || scan.union.is_some();
    Ok(ScanTaken::First(ScanRecord { bound_now: destination.links_to().is_some(), has_union, ..record }))
}

/// Ends a login that cannot log the person in: its pending link cannot add the identity to its account, or no new account is
/// made. Nothing of the person is kept.
async fn refuse(
    rows: &mut (impl LoginRows + AuditRows),
    scan: &Scan,
    login: Login,
    outcome: ScanOutcome,
) -> RowResult<ScanTaken> {
    let login = match login.apply(LoginEvent::Denied, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    let row = ScanRow { identity: None, outcome, client_info: ClientInfo::default(), at: scan.at };
    rows.insert_login(&first_row(login.clone(), Some(row), AuthMethods::NONE)).await?;
    let why = Some(outcome.as_str().to_owned());
    let note = AuditNote::new(AuditKind::LoginRefused, scan.at);
    rows.insert_audit_note(&AuditNote { login: Some(scan.login), outcome: why.clone(), ..note }).await?;
    let event = Event::new(EventKind::LoginDenied, scan.at);
    tell(rows, Event { login: Some(scan.login), app: Some(scan.app.clone()), detail: why, ..event }).await?;
    Ok(match outcome {
        ScanOutcome::RegistrationClosed => ScanTaken::RegistrationClosed(login),
        ScanOutcome::Known | ScanOutcome::Linked | ScanOutcome::New | ScanOutcome::LinkRefused => {
            ScanTaken::LinkRefused(login)
        }
    })
}
