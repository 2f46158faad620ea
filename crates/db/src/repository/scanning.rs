//! Taking a scan: the identity, and the outcome that the first scan has for its login.

use diesel_async::RunQueryDsl;
use saoma_domain::{
    login::{Login, LoginEvent, LoginState},
    ports::{Scan, ScanRecord, ScanTaken},
};

use super::{Connection, identities, logins};
use crate::{
    failure::Failure,
    rows::{IdentityRow, LoginRow, corrupt},
    schema,
};

/// Records a scan, or finds what an earlier one led to.
pub(super) async fn take(connection: &mut Connection, scan: &Scan) -> Result<ScanTaken, Failure> {
    match logins::row(connection, scan.login).await? {
        Some(row) => repeat(connection, scan, &row).await,
        None => first(connection, scan).await,
    }
}

async fn first(connection: &mut Connection, scan: &Scan) -> Result<ScanTaken, Failure> {
    let known = identities::of_person(connection, &scan.app, &scan.openid).await?;
    let identity = known.as_ref().map_or(scan.new_identity, |identity| identity.id);
    let account = known.as_ref().and_then(|identity| identity.account);
    let event = LoginEvent::Scanned { identity, account, window: scan.window };
    let login = match Login::new(scan.login).apply(event, scan.at) {
        Ok(login) => login,
        Err(refusal) => return over(&refusal.login),
    };
    let record =
        ScanRecord { login, identity, known: account.is_some(), asker: scan.asker.clone(), at: scan.at };
    let row = LoginRow::scanned(&record, &scan.app);
    match (&known, account) {
        (None, _) => {
            let identity = IdentityRow::first_seen(scan, row.prune_at());
            diesel::insert_into(schema::identities::table).values(identity).execute(connection).await?;
        }
        (Some(_), None) => identities::keep(connection, identity, row.prune_at()).await?,
        (Some(_), Some(_)) => {}
    }
    logins::insert(connection, &row).await?;
    Ok(ScanTaken::First(record))
}

async fn repeat(connection: &mut Connection, scan: &Scan, row: &LoginRow) -> Result<ScanTaken, Failure> {
    let Some(record) = row.scan()? else { return over(&row.login()?) };
    let person = identities::of_person(connection, &scan.app, &scan.openid).await?;
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
