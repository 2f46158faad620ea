//! Taking a scan: the identity, and the outcome that the first scan has for its login.

use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::{AccountId, Identity},
    login::{Login, LoginEvent, LoginState},
    ports::{PendingLink, Scan, ScanRecord, ScanTaken},
    rules::LINKS_VOIDED_BY,
};

use super::{Connection, accounts, audit, conflicts, identities, linking, logins};
use crate::{
    failure::Failure,
    rows::{IdentityChange, IdentityRow, LoginRow, corrupt},
    schema,
};

/// Where a scan leads.
enum Goal {
    /// To an account, or to the question for a phone number.
    Account(Option<AccountId>),
    /// Nowhere: the identity cannot be added to the account that it was to be added to.
    LinkRefused,
}

/// Records a scan, or finds what an earlier one led to.
pub(super) async fn take(connection: &mut Connection, scan: &Scan) -> Result<ScanTaken, Failure> {
    match logins::row(connection, scan.login).await? {
        Some(row) if !row.is_expected() => repeat(connection, scan, &row).await,
        expected => first(connection, scan, expected.as_ref()).await,
    }
}

async fn first(
    connection: &mut Connection,
    scan: &Scan,
    expected: Option<&LoginRow>,
) -> Result<ScanTaken, Failure> {
    let login = Login::new(scan.login).at(scan.at);
    if login.state.is_final() {
        return over(&login);
    }
    let linked = expected.map_or(Ok(None), LoginRow::link_to)?;
    let person = identities::of_person(connection, &scan.app, &scan.openid).await?;
    let account = match goal(connection, scan, person.as_ref(), linked.as_ref()).await? {
        Goal::Account(account) => account,
        Goal::LinkRefused => return refuse(connection, scan, login, expected).await,
    };
    let identity = person.as_ref().map_or(scan.new_identity, |person| person.id);
    let event = LoginEvent::Scanned { identity, account, window: scan.window };
    let login = match login.apply(event, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    let bound_now = account.is_some() && person.as_ref().is_none_or(|person| person.account.is_none());
    let record = ScanRecord {
        login,
        identity,
        known: account.is_some(),
        linked: bound_now && linked.is_some(),
        bound_now,
        has_union: scan.union.is_some() || person.as_ref().is_some_and(|person| person.union.is_some()),
        client_info: scan.client_info.clone(),
        at: scan.at,
    };
    let row = LoginRow::scanned(&record, &scan.app);
    write_identity(connection, scan, person.as_ref(), account, row.prune_at()).await?;
    note_conflict(connection, scan, person.as_ref(), linked.map(|linked| linked.account)).await?;
    logins::begin(connection, expected, &row).await?;
    Ok(ScanTaken::First(record))
}

async fn goal(
    connection: &mut Connection,
    scan: &Scan,
    person: Option<&Identity>,
    linked: Option<&PendingLink>,
) -> Result<Goal, Failure> {
    if let Some(linked) = linked
        && is_void(connection, linked).await?
    {
        return Ok(Goal::LinkRefused);
    }
    let linked = linked.map(|linked| linked.account);
    let own = person.and_then(|person| person.account);
    let id = person.map_or(scan.new_identity, |person| person.id);
    Ok(match (own, linked) {
        (Some(own), Some(linked)) if own != linked => Goal::LinkRefused,
        (Some(own), _) => Goal::Account(Some(own)),
        (None, Some(linked)) if identities::has_another_user(connection, linked, &scan.app, id).await? => {
            Goal::LinkRefused
        }
        (None, Some(linked)) => Goal::Account(Some(linked)),
        (None, None) => Goal::Account(match &scan.union {
            Some(union) => linking::free_account(connection, union, &scan.app, id).await?,
            None => None,
        }),
    })
}

/// Returns whether its account's owner has shut somebody out since an identity was to be added: it may have been
/// them who asked for it.
async fn is_void(connection: &mut Connection, linked: &PendingLink) -> Result<bool, Failure> {
    Ok(accounts::has_ended_sessions_since(connection, linked.account, linked.at).await?
        || audit::has_happened_since(connection, linked.account, &LINKS_VOIDED_BY, linked.at).await?)
}

/// Makes the identity if it is new, else keeps what the scan tells about it, and binds it where it is to be.
async fn write_identity(
    connection: &mut Connection,
    scan: &Scan,
    person: Option<&Identity>,
    account: Option<AccountId>,
    prune_at: i64,
) -> Result<(), Failure> {
    if let Some(person) = person {
        if let Some(change) = IdentityChange::by(scan, person) {
            identities::change(connection, person.id, &change).await?;
        }
    } else {
        let identity = IdentityRow::first_seen(scan, prune_at);
        diesel::insert_into(schema::identities::table).values(identity).execute(connection).await?;
    }
    let id = person.map_or(scan.new_identity, |person| person.id);
    match (person.map(|person| person.account), account) {
        (Some(Some(_)), _) | (None, None) => Ok(()),
        (Some(None) | None, Some(account)) => {
            identities::attach(connection, id, account, scan.login, scan.at).await
        }
        (Some(None), None) => identities::keep(connection, id, prune_at).await,
    }
}

/// Writes into the trails that an identity which has an account, for another reason than its unionid, turned
/// out to be somebody's whom other accounts know.
async fn note_conflict(
    connection: &mut Connection,
    scan: &Scan,
    person: Option<&Identity>,
    linked: Option<AccountId>,
) -> Result<(), Failure> {
    let account = person.and_then(|person| person.account).or(linked);
    let (Some(account), Some(union)) = (account, &scan.union) else { return Ok(()) };
    if person.and_then(|person| person.union.as_ref()) == Some(union) {
        return Ok(());
    }
    conflicts::note(connection, account, union, scan.login, scan.at).await
}

/// Ends a login whose scan cannot add the identity to its account.
async fn refuse(
    connection: &mut Connection,
    scan: &Scan,
    login: Login,
    expected: Option<&LoginRow>,
) -> Result<ScanTaken, Failure> {
    let login = match login.apply(LoginEvent::Denied, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    logins::begin(connection, expected, &LoginRow::link_refused(&login, scan.at)).await?;
    Ok(ScanTaken::LinkRefused(login))
}

async fn repeat(connection: &mut Connection, scan: &Scan, row: &LoginRow) -> Result<ScanTaken, Failure> {
    if row.is_link_refused() {
        return Ok(ScanTaken::LinkRefused(row.login()?));
    }
    if !row.is_scanned() {
        return over(&row.login()?);
    }
    let person = identities::of_person(connection, &scan.app, &scan.openid).await?;
    let has_union = person.as_ref().is_some_and(|person| person.union.is_some());
    let record = row.scan(has_union)?;
    if person.is_some_and(|person| person.id == record.identity) {
        return Ok(ScanTaken::Again(record));
    }
    Ok(ScanTaken::ByAnother)
}

/// Answers a scan of a login that nobody had scanned: it can only be over.
fn over(login: &Login) -> Result<ScanTaken, Failure> {
    match login.state {
        LoginState::Expired { reason, .. } => Ok(ScanTaken::Over(reason)),
        LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Registered { .. } => {
            Err(corrupt("logins", "scanned_at", &login.id.to_string()).into())
        }
    }
}
