//! Confirming a scan: where the phone is asked first, the scan counts once the phone says yes.

use super::{
    answer_meaning::{Meaning, meaning},
    consents::{consent_to, keep_consent, may_have_account},
    link_identity::Link,
    login_row::move_login,
    note_conflict::note_conflict,
    note_refusal::{RefusedLogin, note_refusal_by},
    repeat_scan::scan_record,
    retention::login_prune_at,
    rows::{
        AccountRows, AuditRows, ConsentRows, FoundByScan, IdentityRow, IdentityRows, LoginRow, LoginRows,
        RowResult, ScanDecision, ScanRow,
    },
    scan_destination::{Arrival, Destination, Led, admit, admitting, scan_destination},
    scanned_identity::link_or_keep,
};
use crate::{
    login::{ClientInfo, Login, LoginEvent, LoginState},
    ports::{Answered, Confirmation, PendingLink, ScanRecord},
    session::AuthMethod,
};

/// What may end a login that a phone is asked about.
struct LoginEnd {
    event: LoginEvent,
    /// What the trail says, where it ends the login.
    why: &'static str,
    answered: fn(Login) -> Answered,
}

const REFUSED: LoginEnd =
    LoginEnd { event: LoginEvent::Denied, why: "refused_on_phone", answered: Answered::Refused };
const WRONG_NUMBER: LoginEnd =
    LoginEnd { event: LoginEvent::WrongNumber, why: "wrong_numbers", answered: Answered::WrongNumber };
const ELSEWHERE: LoginEnd =
    LoginEnd { event: LoginEvent::Denied, why: "elsewhere", answered: Answered::Elsewhere };

/// Takes the answer of a phone, or finds what an earlier one led to.
pub(super) async fn confirm_scan(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + ConsentRows + AuditRows),
    told: &Confirmation,
) -> RowResult<Answered> {
    let Some(person) = rows.identity(told.identity).await? else { return Ok(Answered::NotTheirs) };
    let (app, openid) = (&person.identity.app, &person.identity.openid);
    let FoundByScan { login: row, pending_link, is_disabled, .. } =
        rows.find_by_scan(told.login, app, openid).await?;
    let Some(row) = row.filter(|row| is_theirs(row, told)) else { return Ok(Answered::NotTheirs) };
    let login = row.login.clone().at(told.at);
    let question = match login.state {
        LoginState::Scanned { question, .. } => question,
        LoginState::Unregistered { .. } | LoginState::Registered { .. } if was_confirmed(&row) => {
            let record = scan_record(row, told.at, Some(&person))?;
            return Ok(Answered::LetInBefore(ScanRecord { is_disabled, ..record }));
        }
        LoginState::Loop { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Registered { .. }
        | LoginState::Expired { .. } => return Ok(Answered::Over(login)),
    };
    match meaning(question, told.answer, told.demand) {
        Meaning::Refused => end(rows, told, &person, row, REFUSED).await,
        Meaning::Elsewhere => end(rows, told, &person, row, ELSEWHERE).await,
        Meaning::WrongNumber => end(rows, told, &person, row, WRONG_NUMBER).await,
        Meaning::NumberDemanded => demand_number(rows, told, row).await,
        Meaning::NumberMissing => Ok(Answered::NumberNeeded(login)),
        Meaning::LetsIn(method) => {
            let_in(rows, told, &person, with(row, method), pending_link.as_ref(), is_disabled).await
        }
    }
}

fn is_theirs(row: &LoginRow, told: &Confirmation) -> bool {
    row.scan.as_ref().and_then(|scan| scan.identity) == Some(told.identity)
}

fn with(row: LoginRow, method: AuthMethod) -> LoginRow {
    LoginRow { auth_methods: row.auth_methods.and(method), ..row }
}

fn was_confirmed(row: &LoginRow) -> bool {
    [AuthMethod::ConfirmClick, AuthMethod::ConfirmNumber]
        .into_iter()
        .any(|method| row.auth_methods.has(method))
}

/// Asks for the number after all; the client is told which one to show.
async fn demand_number(rows: &mut impl LoginRows, told: &Confirmation, row: LoginRow) -> RowResult<Answered> {
    let event = LoginEvent::NumberDemanded { number: told.new_number };
    match row.login.clone().apply(event, told.at) {
        Ok(login) => Ok(Answered::NumberNeeded(move_login(rows, row, login).await?)),
        Err(refusal) => Ok(Answered::Over(refusal.login)),
    }
}

/// Moves a login on by a no, a wrong number or a yes from elsewhere; one that is over by it is in the trail.
async fn end(
    rows: &mut (impl LoginRows + AuditRows),
    told: &Confirmation,
    person: &IdentityRow,
    row: LoginRow,
    LoginEnd { event, why, answered }: LoginEnd,
) -> RowResult<Answered> {
    let login = match row.login.clone().apply(event, told.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(Answered::Over(refusal.login)),
    };
    let client = row.scan.as_ref().map(|scan| scan.client_info.clone()).unwrap_or_default();
    let login = move_login(rows, row, login).await?;
    if login.state.is_final() {
        note(rows, told, person, why, &client).await?;
    }
    Ok(answered(login))
}

async fn note(
    rows: &mut impl AuditRows,
    told: &Confirmation,
    person: &IdentityRow,
    why: &str,
    client: &ClientInfo,
) -> RowResult<()> {
    let refused = RefusedLogin { login: told.login, app: Some(&person.identity.app), why, at: told.at };
    note_refusal_by(rows, refused, person.identity.account, client).await
}

/// Lets the client in: the scan leads to where it would lead if it was taken now.
async fn let_in(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + ConsentRows + AuditRows),
    told: &Confirmation,
    person: &IdentityRow,
    row: LoginRow,
    link: Option<&PendingLink>,
    is_disabled: bool,
) -> RowResult<Answered> {
    let identity = &person.identity;
    let consent = consent_to(rows, told.login, told.terms.as_ref()).await?;
    let may_be_made = may_have_account(told.terms.as_ref(), consent.as_ref());
    let who = Arrival {
        app: &identity.app,
        identity: identity.id,
        account: identity.account,
        union: identity.union.as_ref(),
        newcomers: admitting(told.newcomers, may_be_made),
    };
    let destination = match scan_destination(rows, &who, link).await? {
        Led::To(destination) => destination,
        Led::Refused(outcome) => return refuse(rows, told, person, row, outcome).await,
    };
    let event = LoginEvent::Confirmed { account: destination.account(), window: told.window };
    let login = match row.login.clone().apply(event, told.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(Answered::Over(refusal.login)),
    };
    admit(rows, destination, told.login, told.at).await?;
    let to_link = destination.links_to().map(|terms| {
        let (app, login, at) = (identity.app.clone(), told.login, told.at);
        Link { identity: identity.id, app, terms, login, at }
    });
    link_or_keep(rows, person, to_link, login_prune_at(&login)).await?;
    if let (Destination::PendingLink(terms), Some(union)) = (destination, &identity.union) {
        note_conflict(rows, terms.account, union, told.login, told.at).await?;
    }
    if let Some(account) = destination.account() {
        keep_consent(rows, account, consent).await?;
    }
    let row = with_outcome(row, destination.outcome());
    let moved = move_login(rows, row.clone(), login).await?;
    let record = scan_record(LoginRow { login: moved, ..row }, told.at, Some(person))?;
    let bound_now = destination.links_to().is_some();
    Ok(Answered::LetIn(ScanRecord { bound_now, is_disabled, ..record }))
}

fn with_outcome(row: LoginRow, outcome: ScanDecision) -> LoginRow {
    LoginRow { scan: row.scan.map(|scan| ScanRow { outcome, ..scan }), ..row }
}

/// Ends a login that cannot log the person in.
async fn refuse(
    rows: &mut (impl LoginRows + AuditRows),
    told: &Confirmation,
    person: &IdentityRow,
    row: LoginRow,
    outcome: ScanDecision,
) -> RowResult<Answered> {
    let login = match row.login.clone().apply(LoginEvent::Denied, told.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(Answered::Over(refusal.login)),
    };
    let login = move_login(rows, with_outcome(row, outcome), login).await?;
    note(rows, told, person, outcome.as_str(), &ClientInfo::default()).await?;
    Ok(match outcome {
        ScanDecision::RegistrationClosed => Answered::RegistrationClosed(login),
        ScanDecision::Known
        | ScanDecision::Linked
        | ScanDecision::New
        | ScanDecision::Asked
        | ScanDecision::LinkRefused
        | ScanDecision::NumberAlone => Answered::LinkRefused(login),
    })
}
