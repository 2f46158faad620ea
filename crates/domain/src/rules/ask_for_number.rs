//! Logins by a phone number alone: without a scan, a login waits for a number from its beginning.

use super::{
    login_row::first_row,
    rows::{LoginRows, RowResult, ScanDecision, ScanRow},
};
use crate::{
    login::{Login, LoginEvent},
    ports::NumberLogin,
    session::AuthMethods,
};

/// Writes the row of a new login that waits for a number. One that has a row, or is over, stays as it is.
pub(super) async fn ask_for_number(rows: &mut impl LoginRows, asked: &NumberLogin) -> RowResult<Login> {
    if let Some(row) = rows.login(asked.login).await? {
        return Ok(row.login.at(asked.at));
    }
    let event = LoginEvent::NumberAsked { window: asked.window };
    let login = match Login::new(asked.login).apply(event, asked.at) {
        Ok(login) => login,
        Err(refusal) => return Ok(refusal.login),
    };
    let scan = ScanRow {
        identity: None,
        outcome: ScanDecision::NumberAlone,
        client_info: asked.client_info.clone(),
        at: asked.at,
    };
    rows.insert_login(&first_row(login.clone(), Some(scan), AuthMethods::NONE)).await?;
    Ok(login)
}
