//! Writing the row of a login: the first time, and when the login moves on.

use super::{
    retention::login_prune_at,
    rows::{LoginRow, LoginRows, RowResult, ScanRow},
};
use crate::{login::Login, session::AuthMethods};

/// Makes the row of a login to which something happened for the first time.
pub(super) fn first_row(login: Login, scan: Option<ScanRow>, auth_methods: AuthMethods) -> LoginRow {
    LoginRow { prune_at: login_prune_at(&login), login, scan, auth_methods, proof: None }
}

/// Writes what a login becomes in place of the row that was read, and returns the login.
pub(super) async fn move_login(rows: &mut impl LoginRows, row: LoginRow, next: Login) -> RowResult<Login> {
    let read_version = row.login.version;
    let row = LoginRow { prune_at: login_prune_at(&next), login: next, ..row };
    rows.update_login(&row, read_version).await?;
    Ok(row.login)
}
