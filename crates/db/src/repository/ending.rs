//! Ending a login that nobody is logged in by.

use saoma_domain::{
    login::{Login, LoginEvent, LoginId},
    time::Timestamp,
};

use super::{Connection, logins};
use crate::{failure::Failure, rows::LoginRow};

/// An end to record.
pub(super) struct End {
    pub(super) id: LoginId,
    pub(super) event: LoginEvent,
    pub(super) at: Timestamp,
}

/// Ends a login unless it is over, and returns how it stands then.
pub(super) async fn end(connection: &mut Connection, end: &End) -> Result<Login, Failure> {
    let row = logins::row(connection, end.id).await?;
    let login = row.as_ref().map_or_else(|| Ok(Login::new(end.id)), LoginRow::login)?;
    let ended = match end.event {
        LoginEvent::Cancelled | LoginEvent::Denied => login.apply(end.event.clone(), end.at),
        // These have methods of their own, which record more than the state.
        LoginEvent::Scanned { .. } | LoginEvent::Bound { .. } => return Ok(login.at(end.at)),
    };
    let login = match ended {
        Ok(login) => login,
        Err(refusal) => return Ok(refusal.login),
    };
    match row {
        Some(row) => logins::advance(connection, &row, &login, None).await?,
        None => logins::insert(connection, &LoginRow::unscanned(&login)).await?,
    }
    Ok(login)
}
