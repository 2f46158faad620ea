//! Cancelling a login: the client gives it up, or the person refuses.

use super::{
    login_row::{first_row, move_login},
    outbox::tell,
    rows::{AuditRows, LoginRows, RowResult},
};
use crate::{
    event::{Event, EventKind},
    login::{Login, LoginEvent, LoginId},
    ports::{AuditKind, AuditNote},
    session::AuthMethods,
    time::Timestamp,
};

/// A login to end without a person being logged in.
pub(super) struct Cancellation {
    pub(super) login: LoginId,
    pub(super) event: LoginEvent,
    pub(super) at: Timestamp,
}

/// Ends a login unless it is over, and returns how it stands then. Its pending link, if it has one, stays where it
/// is: it means nothing once the login has a row.
pub(super) async fn cancel_login(
    rows: &mut (impl LoginRows + AuditRows),
    cancel: &Cancellation,
) -> RowResult<Login> {
    let row = rows.login(cancel.login).await?;
    let login = row.as_ref().map_or_else(|| Login::new(cancel.login), |row| row.login.clone());
    let ended = match cancel.event {
        LoginEvent::Cancelled | LoginEvent::Denied => login.apply(cancel.event.clone(), cancel.at),
        // These have rules of their own, which write more than the state.
        LoginEvent::Scanned { .. } | LoginEvent::Bound { .. } => return Ok(login.at(cancel.at)),
    };
    let login = match (ended, row) {
        (Err(refusal), _) => return Ok(refusal.login),
        (Ok(login), Some(row)) => move_login(rows, row, login).await?,
        (Ok(login), None) => {
            rows.insert_login(&first_row(login.clone(), None, AuthMethods::NONE)).await?;
            login
        }
    };
    if cancel.event == LoginEvent::Denied {
        let note = AuditNote::new(AuditKind::LoginRefused, cancel.at);
        let outcome = Some("denied".to_owned());
        rows.insert_audit_note(&AuditNote { login: Some(cancel.login), outcome, ..note }).await?;
        let event = Event::new(EventKind::LoginDenied, cancel.at);
        tell(rows, Event { login: Some(cancel.login), ..event }).await?;
    }
    Ok(login)
}
