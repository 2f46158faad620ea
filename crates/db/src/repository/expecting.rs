//! Writing down that a login is to add an identity to an account.

use saoma_domain::ports::PendingLink;

use super::{Connection, logins};
use crate::{
    failure::Failure,
    rows::{LoginRow, corrupt},
};

/// Writes the row of a login that nothing has happened to, or finds that it was written before.
pub(super) async fn expect(connection: &mut Connection, pending_link: &PendingLink) -> Result<(), Failure> {
    let Some(row) = logins::row(connection, pending_link.login).await? else {
        return logins::insert(connection, &LoginRow::expected(pending_link)).await;
    };
    if row.link_to()?.is_some_and(|earlier| earlier.account == pending_link.account) {
        return Ok(());
    }
    Err(corrupt("logins", "state", &pending_link.login.to_string()).into())
}
