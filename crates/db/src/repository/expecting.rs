//! Writing down that a login is to add an identity to an account.

use saoma_domain::ports::Joining;

use super::{Connection, logins};
use crate::{
    failure::Failure,
    rows::{LoginRow, corrupt},
};

/// Writes the row of a login that nothing has happened to, or finds that it was written before.
pub(super) async fn expect(connection: &mut Connection, joining: &Joining) -> Result<(), Failure> {
    let Some(row) = logins::row(connection, joining.login).await? else {
        return logins::insert(connection, &LoginRow::expected(joining)).await;
    };
    if row.joins()? == Some(joining.account) {
        return Ok(());
    }
    Err(corrupt("logins", "state", &joining.login.to_string()).into())
}
