//! Disowning a login: who scanned says that they did not mean to log in. The login ends, and the session that it led to.

use std::time::Duration;

use super::{
    end_sessions::end_each,
    login_row::move_login,
    note_refusal::{RefusedLogin, note_refusal_by},
    rows::{AccountRows, AuditRows, IdentityRows, LoginRow, LoginRows, RowResult, ScanRow, SessionRows},
};
use crate::{
    account::AccountId,
    login::{Login, LoginEvent, LoginState},
    ports::{Disowned, NotMe},
    session::SessionTokenHash,
    time::Timestamp,
};

/// How long after a scan its person may say that they did not mean it.
pub const NOT_ME_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Ends a login and its session; once it is over, finds that.
pub(super) async fn disown_login(
    rows: &mut (impl LoginRows + AccountRows + IdentityRows + SessionRows + AuditRows),
    not_me: &NotMe,
) -> RowResult<Disowned> {
    let Some(row) = rows.login(not_me.login).await? else { return Ok(Disowned::NotTheirs) };
    let Some(scan) = row.scan.clone().filter(|scan| scan.identity == Some(not_me.identity)) else {
        return Ok(Disowned::NotTheirs);
    };
    if scan.at.plus(NOT_ME_WITHIN) <= not_me.at {
        return Ok(Disowned::TooLate);
    }
    let login = row.login.clone().at(not_me.at);
    let (event, account) = match login.state {
        LoginState::Registered { account, .. } => (LoginEvent::Disowned, Some(account)),
        LoginState::Loop { .. } | LoginState::Scanned { .. } | LoginState::Unregistered { .. } => {
            (LoginEvent::Denied, None)
        }
        LoginState::Expired { .. } => return Ok(over(login, Vec::new(), scan)),
    };
    // The account is held first, as where a session is issued: either that one is seen here, or it finds the login over.
    if let Some(account) = account {
        rows.hold_account(account).await?;
    }
    let person = rows.identity(not_me.identity).await?;
    let app = person.as_ref().map(|person| &person.identity.app);
    let refused = RefusedLogin { login: not_me.login, app, why: "not_me", at: not_me.at };
    note_refusal_by(rows, refused, account, &scan.client_info).await?;
    let ended = match account {
        Some(account) => end_session_of(rows, &row, account, not_me.at).await?,
        None => Vec::new(),
    };
    match login.apply(event, not_me.at) {
        Ok(login) => Ok(over(move_login(rows, row, login).await?, ended, scan)),
        Err(refusal) => Ok(over(refusal.login, ended, scan)),
    }
}

fn over(login: Login, ended: Vec<SessionTokenHash>, scan: ScanRow) -> Disowned {
    Disowned::Over { login, ended, client_info: scan.client_info }
}

async fn end_session_of(
    rows: &mut (impl SessionRows + AuditRows),
    row: &LoginRow,
    account: AccountId,
    at: Timestamp,
) -> RowResult<Vec<SessionTokenHash>> {
    let sessions = rows.live_sessions(account).await?;
    let of_login = sessions.into_iter().filter(|session| session.session.login == row.login.id);
    end_each(rows, of_login.collect::<Vec<_>>(), at).await
}
