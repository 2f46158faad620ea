//! Cancelling a login: the client gives it up, or the person refuses.

use super::{
    login_row::{first_row, move_login},
    note_refusal::{RefusedLogin, note_refusal},
    rows::{AuditRows, LoginRows, RowResult},
};
use crate::{
    login::{Login, LoginEvent, LoginId},
    session::AuthMethods,
    time::Timestamp,
};

/// A login to end without a person being logged in.
pub(super) struct LoginToCancel {
    pub(super) login: LoginId,
    pub(super) event: LoginEvent,
    pub(super) at: Timestamp,
}

/// Ends a login unless it is over, and returns how it stands then. Its pending link, if it has one, stays where it
/// is: it means nothing once the login has a row.
pub(super) async fn cancel_login(
    rows: &mut (impl LoginRows + AuditRows),
    cancel: &LoginToCancel,
) -> RowResult<Login> {
    let row = rows.login(cancel.login).await?;
    let login = row.as_ref().map_or_else(|| Login::new(cancel.login), |row| row.login.clone());
    let ended = match cancel.event {
        LoginEvent::Cancelled | LoginEvent::Denied => login.apply(cancel.event.clone(), cancel.at),
        // These have rules of their own, which write more than the state.
        LoginEvent::Scanned { .. }
        | LoginEvent::NumberAsked { .. }
        | LoginEvent::Asked { .. }
        | LoginEvent::NumberDemanded { .. }
        | LoginEvent::Confirmed { .. }
        | LoginEvent::WrongNumber
        | LoginEvent::Bound { .. }
        | LoginEvent::Disowned => return Ok(login.at(cancel.at)),
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
        let refused = RefusedLogin { login: cancel.login, app: None, why: "denied", at: cancel.at };
        note_refusal(rows, refused).await?;
    }
    Ok(login)
}
